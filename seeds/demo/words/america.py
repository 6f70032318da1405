"""American names and places, commonest first. Data alone; how a word is drawn is said in chance.py."""
# ruff: noqa: E501

GIVEN_MALE = ["James", "Robert", "John", "Michael", "David", "William", "Richard", "Joseph", "Thomas", "Christopher", "Charles", "Daniel", "Matthew", "Anthony", "Mark", "Steven", "Andrew", "Kenneth", "Joshua", "Kevin", "Brian", "Timothy", "Ronald", "Jason", "George", "Edward", "Jeffrey", "Ryan", "Jacob", "Nicholas", "Gary", "Eric", "Jonathan", "Stephen", "Larry", "Justin", "Scott", "Brandon", "Benjamin", "Samuel", "Gregory", "Alexander", "Patrick", "Frank", "Raymond", "Jack", "Dennis", "Jerry", "Tyler", "Aaron", "José", "Luis", "Carlos", "Juan", "Miguel", "Jesús", "Ángel", "Diego", "Andrés", "Javier", "DeShawn", "Jamal", "Malik", "Terrell", "Wei", "Minh", "Hiroshi", "Raj", "Vikram", "Zachary", "Nathaniel", "Ethan", "Noah", "Logan", "Mason", "Caleb", "Wyatt", "Hunter", "Cody", "Travis", "Dwayne", "Leroy", "Earl", "Vernon"]
GIVEN_FEMALE = ["Mary", "Patricia", "Jennifer", "Linda", "Elizabeth", "Barbara", "Susan", "Jessica", "Sarah", "Karen", "Lisa", "Nancy", "Sandra", "Ashley", "Emily", "Kimberly", "Margaret", "Donna", "Michelle", "Carol", "Amanda", "Melissa", "Deborah", "Stephanie", "Rebecca", "Laura", "Sharon", "Cynthia", "Dorothy", "Amy", "Kathleen", "Angela", "Shirley", "Brenda", "Emma", "Anna", "Pamela", "Nicole", "Samantha", "Katherine", "Christine", "Debra", "Rachel", "Carolyn", "Janet", "Maria", "Olivia", "Heather", "Helen", "Catherine", "Diane", "Julie", "Victoria", "Joyce", "Lauren", "Kelly", "Christina", "Joan", "Evelyn", "María", "Guadalupe", "Sofía", "Lucía", "Ximena", "Camila", "Latoya", "Keisha", "Aaliyah", "Imani", "Mei", "Linh", "Yuki", "Priya", "Anjali", "Hailey", "Madison", "Brooklyn", "Savannah", "Peyton", "Mackenzie", "Jo-Ann", "Mary-Beth", "Dolores", "Zoe", "Renée"]
FAMILY = (
    ["Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Rodriguez", "Martinez", "Hernandez", "Lopez", "Gonzalez", "Wilson", "Anderson", "Thomas", "Taylor", "Moore", "Jackson", "Martin", "Lee", "Perez", "Thompson", "White", "Harris", "Sanchez", "Clark", "Ramirez", "Lewis", "Robinson", "Walker", "Young", "Allen", "King", "Wright", "Scott", "Torres", "Nguyen", "Hill", "Flores", "Green", "Adams", "Nelson", "Baker", "Hall", "Rivera", "Campbell", "Mitchell", "Carter", "Roberts", "Gómez", "Phillips", "Evans", "Turner", "Díaz", "Parker", "Cruz", "Edwards", "Collins", "Reyes", "Stewart", "Morris", "Morales", "Murphy", "Cook", "Rogers", "Gutiérrez", "Ortiz", "Morgan", "Cooper", "Peterson", "Bailey", "Reed", "Kelly", "Howard", "Ramos", "Kim", "Cox", "Ward", "Richardson", "Watson", "Brooks", "Chávez", "Wood", "James", "Bennett", "Gray", "Mendoza", "Ruiz", "Hughes", "Price", "Alvarez", "Castillo", "Sanders", "Patel", "Myers", "Long", "Ross", "Foster", "Jiménez", "Washington", "Jefferson", "O'Malley", "O'Reilly", "D'Angelo", "DiNapoli", "Esposito", "Romano", "Kowalski", "Wiśniewski", "Goldberg", "Rosenthal", "Schwartz", "Chen", "Wang", "Zhang", "Tran", "Pham", "Park", "Choi", "Tanaka", "Yamamoto", "Singh", "Gupta", "Haddad", "Nakamura", "Fitzpatrick", "McAllister", "St.James", "Begay", "Yazzie", "Garcia-Lopez", "Smith-Rivera"]
    + ["de la Cruz", "Van Buren", "Del Toro", "St. Clair"]
)
FAMILY_STARTS = ["Abbott", "Ander", "Barn", "Beck", "Brig", "Cald", "Carl", "Ches", "Clay", "Dal", "Den", "East", "Ell", "Ferg", "Fle", "Gil", "Gray", "Ham", "Hend", "Hol", "Jam", "Ken", "Kings", "Lam", "Land", "Law", "Lin", "Mack", "Mans", "Mil", "Nick", "Nor", "Pat", "Pem", "Pul", "Ran", "Rob", "Rock", "Rush", "San", "Shel", "Stan", "Stock", "Tal", "Van", "Wade", "Wain", "Wel", "Whit", "Wood"]
FAMILY_ENDS = (
    ["son", "ton", "ley", "man", "berg", "ford", "field", "ell", "er", "wood", "worth", "ing", "stein", "sen", "ett", "ins", "gomery", "well", "ham", "ridge", "ville"]
)
NICKNAMES = {
    "James": ["Jim", "Jimmy"],
    "Robert": ["Bob", "Rob"],
    "Michael": ["Mike"],
    "David": ["Dave"],
    "William": ["Bill", "Will"],
    "Richard": ["Rick", "Dick"],
    "Joseph": ["Joe"],
    "Thomas": ["Tom"],
    "Christopher": ["Chris"],
    "Charles": ["Chuck", "Charlie"],
    "Daniel": ["Dan"],
    "Matthew": ["Matt"],
    "Anthony": ["Tony"],
    "Steven": ["Steve"],
    "Andrew": ["Andy", "Drew"],
    "Kenneth": ["Ken"],
    "Joshua": ["Josh"],
    "Timothy": ["Tim"],
    "Ronald": ["Ron"],
    "Edward": ["Ed", "Ted"],
    "Jeffrey": ["Jeff"],
    "Jacob": ["Jake"],
    "Nicholas": ["Nick"],
    "Jonathan": ["Jon"],
    "Benjamin": ["Ben"],
    "Samuel": ["Sam"],
    "Gregory": ["Greg"],
    "Alexander": ["Alex"],
    "Patrick": ["Pat"],
    "Raymond": ["Ray"],
    "José": ["Pepe"],
    "Zachary": ["Zach"],
    "Nathaniel": ["Nate"],
    "Patricia": ["Pat", "Tricia"],
    "Jennifer": ["Jen", "Jenny"],
    "Elizabeth": ["Liz", "Beth", "Betty"],
    "Barbara": ["Barb"],
    "Susan": ["Sue"],
    "Jessica": ["Jess"],
    "Kimberly": ["Kim"],
    "Margaret": ["Peggy", "Meg"],
    "Michelle": ["Shelly"],
    "Amanda": ["Mandy"],
    "Melissa": ["Missy", "Mel"],
    "Deborah": ["Deb", "Debbie"],
    "Stephanie": ["Steph"],
    "Rebecca": ["Becky"],
    "Cynthia": ["Cindy"],
    "Dorothy": ["Dot"],
    "Kathleen": ["Kathy"],
    "Angela": ["Angie"],
    "Samantha": ["Sam"],
    "Katherine": ["Kate", "Katie"],
    "Christine": ["Chris"],
    "Victoria": ["Vicky"],
    "Guadalupe": ["Lupe"],
    "Catherine": ["Cathy"],
    "Christina": ["Tina"],
    "Pamela": ["Pam"],
}
# city, state, zip prefix of three digits, area code
CITIES = [
    ("New York", "NY", "100", "212"),
    ("Brooklyn", "NY", "112", "718"),
    ("Los Angeles", "CA", "900", "213"),
    ("Chicago", "IL", "606", "312"),
    ("Houston", "TX", "770", "713"),
    ("Phoenix", "AZ", "850", "602"),
    ("Philadelphia", "PA", "191", "215"),
    ("San Antonio", "TX", "782", "210"),
    ("San Diego", "CA", "921", "619"),
    ("Dallas", "TX", "752", "214"),
    ("Austin", "TX", "787", "512"),
    ("Columbus", "OH", "432", "614"),
    ("Seattle", "WA", "981", "206"),
    ("Denver", "CO", "802", "303"),
    ("Boston", "MA", "021", "617"),
    ("Portland", "OR", "972", "503"),
    ("Milwaukee", "WI", "532", "414"),
    ("Albuquerque", "NM", "871", "505"),
    ("Kansas City", "MO", "641", "816"),
    ("Atlanta", "GA", "303", "404"),
    ("Miami", "FL", "331", "305"),
    ("Minneapolis", "MN", "554", "612"),
    ("St. Louis", "MO", "631", "314"),
    ("Salt Lake City", "UT", "841", "801"),
]
STREETS = """Main Street|Oak Street|Maple Avenue|Cedar Lane|Pine Street|Elm Street|Washington Avenue|Lake Drive|Hill Road|Park Avenue|Walnut Street|
Sunset Boulevard|Lincoln Avenue|Jackson Street|Church Street|River Road|2nd Street|3rd Avenue|5th Street|N 12th Street|Spring Street|
Ridge Road|Chestnut Street|Willow Drive|Meadow Lane|Highland Avenue|Franklin Street|Jefferson Avenue|Cherry Lane|Dogwood Court|
Magnolia Drive|Prairie View Road|Old Mill Road|Country Club Drive|Sycamore Lane|Mission Boulevard|Canyon Drive|Pecan Street|
Martin Luther King Boulevard|E Colfax Avenue|Rancho Road|Lakeshore Drive|Birchwood Court|Valley View Lane|Harrison Street|Madison Avenue|
Orchard Street|Quail Run|Foxglove Court|Timber Trail""".replace("\n", "").split("|")
EMAIL_HOSTS = [
    "gmail.com",
    "yahoo.com",
    "hotmail.com",
    "aol.com",
    "icloud.com",
    "outlook.com",
    "comcast.net",
    "verizon.net",
]
