"""British names and places, commonest first. Data alone; how a word is drawn is said in chance.py."""
# ruff: noqa: E501

GIVEN_MALE = ["Oliver", "Jack", "Harry", "George", "Thomas", "James", "William", "David", "John", "Michael", "Peter", "Andrew", "Daniel", "Matthew", "Samuel", "Joseph", "Benjamin", "Alexander", "Edward", "Christopher", "Richard", "Robert", "Stephen", "Paul", "Mark", "Simon", "Anthony", "Kevin", "Ian", "Alan", "Graham", "Stuart", "Callum", "Liam", "Rhys", "Owen", "Gareth", "Ewan", "Angus", "Fergus", "Hamish", "Craig", "Darren", "Wayne", "Nigel", "Trevor", "Clive", "Geoffrey", "Kenneth", "Ronald", "Dennis", "Arthur", "Alfred", "Frederick", "Leonard", "Walter", "Mohammed", "Imran", "Tariq", "Rajesh", "Sanjay", "Anil", "Kwame", "Tunde", "Dominic", "Toby", "Jasper", "Rupert", "Hugo", "Felix", "Leo", "Archie", "Freddie", "Theo", "Nathan", "Joshua", "Luke", "Aaron", "Adam", "Ryan", "Jamie", "Lewis", "Connor", "Declan", "Seán"]
GIVEN_FEMALE = ["Olivia", "Emily", "Charlotte", "Sophie", "Jessica", "Sarah", "Emma", "Elizabeth", "Catherine", "Margaret", "Susan", "Rebecca", "Hannah", "Lucy", "Grace", "Alice", "Amelia", "Isabella", "Victoria", "Alexandra", "Jennifer", "Christine", "Patricia", "Helen", "Karen", "Tracey", "Julie", "Jane", "Anne", "Linda", "Barbara", "Dorothy", "Joan", "Eileen", "Maureen", "Gillian", "Heather", "Fiona", "Morag", "Isla", "Eilidh", "Catriona", "Sian", "Bronwen", "Megan", "Rhiannon", "Nerys", "Niamh", "Siobhán", "Aoife", "Bridget", "Kathleen", "Deborah", "Samantha", "Natalie", "Kimberley", "Stephanie", "Abigail", "Chloe", "Poppy", "Daisy", "Freya", "Imogen", "Harriet", "Georgina", "Philippa", "Penelope", "Rosemary", "Beatrice", "Florence", "Matilda", "Aisha", "Fatima", "Priya", "Anjali", "Meera", "Zainab", "Abena", "Ngozi", "Yasmin", "Leila", "Zoë", "Chloë", "Renée", "Eve", "Ruth", "Naomi", "Judith", "Tamsin"]
FAMILY = ["Smith", "Jones", "Taylor", "Williams", "Brown", "Davies", "Evans", "Wilson", "Thomas", "Roberts", "Johnson", "Walker", "Wright", "Robinson", "Thompson", "White", "Hughes", "Edwards", "Green", "Hall", "Wood", "Harris", "Lewis", "Martin", "Jackson", "Clarke", "Clark", "Turner", "Hill", "Scott", "Cooper", "Morris", "Ward", "Moore", "King", "Watson", "Baker", "Harrison", "Morgan", "Patel", "Young", "Allen", "Mitchell", "James", "Anderson", "Phillips", "Lee", "Bell", "Parker", "Davis", "Bennett", "Miller", "Cook", "Shaw", "Cox", "Bailey", "Marshall", "Adams", "Carter", "Simpson", "Khan", "Begum", "Hussain", "Ali", "Ahmed", "Singh", "Kaur", "Stewart", "Campbell", "MacDonald", "McKenzie", "Reid", "Murray", "Ross", "Fraser", "Cameron", "MacLeod", "O'Brien", "O'Connor", "O'Neill", "O'Sullivan", "Fitzgerald", "Murphy", "Kelly", "Byrne", "Doyle", "Gallagher", "Llewellyn", "Griffiths", "Pritchard", "Bowen", "Rees", "Vaughan", "Okafor", "Adeyemi", "Mensah", "Osei", "Nguyen", "Chowdhury", "Rahman", "Sharma", "Kapoor", "Smythe", "Featherstonehaugh", "Ashworth-Lane", "Carew-Pole", "Lloyd-Jones", "Parry-Williams", "Hartley-Booth"]
FAMILY_STARTS = ["Ash", "Brad", "Cran", "Thorn", "Whit", "Hart", "Stan", "Wal", "Nor", "Sut", "Bur", "Mil", "Hol", "Kirk", "Lang", "Black", "Red", "Green", "Wood", "Hazel", "Elm", "Oak", "Birch", "Brook", "Fair", "Good", "Hay", "Lin", "Mar", "Pen", "Pres", "Rad", "Ram", "Shel", "Sher", "Staf", "Stoke", "Tib", "Wake", "War", "West", "Win", "Wyn", "Hather", "Cole", "Dun", "Els", "Far", "Gar", "Har"]
FAMILY_ENDS = ["ford", "ley", "ton", "well", "ham", "by", "worth", "field", "wick", "bury", "stead", "thorpe", "wood", "shaw", "dale", "combe", "hurst", "croft", "bourne", "gate", "more", "ridge"]
NICKNAMES = {
    "Thomas": ["Tom", "Tommy"],
    "James": ["Jim", "Jamie"],
    "William": ["Bill", "Will"],
    "David": ["Dave"],
    "John": ["Jack", "Johnny"],
    "Michael": ["Mike", "Mick"],
    "Andrew": ["Andy"],
    "Daniel": ["Dan", "Danny"],
    "Matthew": ["Matt"],
    "Samuel": ["Sam"],
    "Joseph": ["Joe"],
    "Benjamin": ["Ben"],
    "Alexander": ["Alex", "Sandy"],
    "Edward": ["Ted", "Eddie"],
    "Christopher": ["Chris"],
    "Richard": ["Rick", "Dick"],
    "Robert": ["Bob", "Rob"],
    "Stephen": ["Steve"],
    "Anthony": ["Tony"],
    "Geoffrey": ["Geoff"],
    "Kenneth": ["Ken"],
    "Ronald": ["Ron"],
    "Frederick": ["Fred"],
    "Leonard": ["Len"],
    "Nathan": ["Nate"],
    "Joshua": ["Josh"],
    "Mohammed": ["Mo"],
    "Elizabeth": ["Liz", "Beth", "Lizzie"],
    "Catherine": ["Kate", "Cathy"],
    "Margaret": ["Maggie", "Peggy"],
    "Susan": ["Sue"],
    "Rebecca": ["Becky", "Bex"],
    "Victoria": ["Vicky", "Tori"],
    "Alexandra": ["Alex", "Sandra"],
    "Jennifer": ["Jenny", "Jen"],
    "Christine": ["Chris", "Tina"],
    "Patricia": ["Pat", "Trish"],
    "Deborah": ["Debbie"],
    "Samantha": ["Sam"],
    "Stephanie": ["Steph"],
    "Abigail": ["Abby"],
    "Philippa": ["Pippa"],
    "Penelope": ["Penny"],
    "Rosemary": ["Rosie"],
    "Beatrice": ["Bea"],
    "Florence": ["Flo"],
    "Matilda": ["Tilly"],
    "Kathleen": ["Kath"],
    "Gillian": ["Gill"],
    "Georgina": ["George", "Gina"],
    "Jessica": ["Jess"],
    "Kimberley": ["Kim"],
    "Judith": ["Judy"],
}
# city, region, postcode area, landline area code without its 0
CITIES = [
    ("London", "Greater London", "SW", "20"),
    ("London", "Greater London", "N", "20"),
    ("London", "Greater London", "SE", "20"),
    ("Manchester", "Greater Manchester", "M", "161"),
    ("Birmingham", "West Midlands", "B", "121"),
    ("Leeds", "West Yorkshire", "LS", "113"),
    ("Glasgow", "Lanarkshire", "G", "141"),
    ("Edinburgh", "Midlothian", "EH", "131"),
    ("Liverpool", "Merseyside", "L", "151"),
    ("Bristol", "Avon", "BS", "117"),
    ("Sheffield", "South Yorkshire", "S", "114"),
    ("Cardiff", "South Glamorgan", "CF", "29"),
    ("Nottingham", "Nottinghamshire", "NG", "115"),
    ("Leicester", "Leicestershire", "LE", "116"),
    ("Reading", "Berkshire", "RG", "118"),
    ("Southampton", "Hampshire", "SO", "23"),
    ("Aberdeen", "Aberdeenshire", "AB", "1224"),
    ("Cambridge", "Cambridgeshire", "CB", "1223"),
    ("Oxford", "Oxfordshire", "OX", "1865"),
    ("York", "North Yorkshire", "YO", "1904"),
    ("Exeter", "Devon", "EX", "1392"),
    ("Swansea", "West Glamorgan", "SA", "1792"),
    ("Stratford-upon-Avon", "Warwickshire", "CV", "1789"),
    ("Inverness", "Highland", "IV", "1463"),
]
STREETS = """High Street|Church Road|Station Road|Victoria Road|Green Lane|Manor Road|Park Avenue|Queens Road|Kings Road|Mill Lane|
The Crescent|Albert Street|Chapel Street|Windsor Close|Grange Avenue|St Mary's Road|Alexandra Road|Springfield Road|Orchard Close|
North Street|South Street|West Street|London Road|York Road|Highfield Avenue|Cedar Drive|Elm Grove|Beech Road|Rosemount Terrace|
Harbour View|Castle Street|Bishop's Walk|Priory Lane|Meadow Way|Old Forge Close|Saint George's Square|Wellington Street|Nelson Road|
Cromwell Place|Fleet Lane|Juniper Drive|Larkspur Close|Tanner's Yard|Abbey Gardens|Quarry Hill|Riverside Walk|Vicarage Lane|
Hawthorn Avenue|Ferry Road|Clifton Terrace""".replace("\n", "").split("|")
EMAIL_HOSTS = [
    "gmail.com",
    "hotmail.co.uk",
    "btinternet.com",
    "yahoo.co.uk",
    "outlook.com",
    "icloud.com",
    "sky.com",
    "googlemail.com",
]
