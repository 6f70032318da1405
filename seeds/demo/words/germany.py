"""German names and places, commonest first. Data alone; how a word is drawn is said in chance.py."""
# ruff: noqa: E501

GIVEN_MALE = ["Thomas", "Michael", "Andreas", "Peter", "Stefan", "Christian", "Markus", "Alexander", "Daniel", "Matthias", "Sebastian", "Tobias", "Jan", "Florian", "Martin", "Wolfgang", "Klaus", "Jürgen", "Hans", "Günter", "Manfred", "Dieter", "Bernd", "Uwe", "Frank", "Jörg", "Björn", "Sven", "Lars", "Torsten", "Holger", "Ralf", "Rainer", "Heinz", "Karl", "Friedrich", "Wilhelm", "Maximilian", "Lukas", "Leon", "Paul", "Felix", "Jonas", "Finn", "Elias", "Noah", "Luis", "Emil", "Anton", "Jakob", "Moritz", "Philipp", "Simon", "Benjamin", "Tim", "Nico", "Kevin", "Dennis", "Marcel", "René", "André", "Mehmet", "Mustafa", "Ali", "Emre", "Yusuf", "Piotr", "Andrzej", "Dmitri", "Sergej", "Gerhard", "Helmut", "Horst", "Rudolf", "Ulrich", "Volker", "Detlef", "Kai", "Ole", "Hinnerk", "Fiete", "Ludwig", "Franz", "Josef", "Hans-Peter", "Karl-Heinz", "Jan-Philipp"]
GIVEN_FEMALE = ["Anna", "Sabine", "Petra", "Monika", "Claudia", "Susanne", "Andrea", "Nicole", "Stefanie", "Julia", "Katharina", "Christina", "Sandra", "Melanie", "Nadine", "Anja", "Silke", "Birgit", "Gabriele", "Renate", "Ursula", "Ingrid", "Helga", "Brigitte", "Karin", "Angelika", "Elisabeth", "Maria", "Martina", "Kerstin", "Heike", "Simone", "Tanja", "Sonja", "Katrin", "Ulrike", "Barbara", "Franziska", "Lena", "Lea", "Laura", "Lisa", "Sarah", "Hannah", "Emma", "Mia", "Sophie", "Marie", "Johanna", "Charlotte", "Clara", "Ida", "Frieda", "Greta", "Mathilda", "Theresa", "Luisa", "Antonia", "Paula", "Pia", "Nele", "Wiebke", "Antje", "Maike", "Swantje", "Jördis", "Käthe", "Bärbel", "Gülsen", "Ayşe", "Fatma", "Elif", "Zeynep", "Agnieszka", "Katarzyna", "Olga", "Natalia", "Svetlana", "Eva", "Judith", "Miriam", "Rebekka", "Viktoria", "Anne-Marie", "Eva-Maria", "Ann-Kathrin", "Hildegard", "Gertrud", "Waltraud", "Irmgard"]
FAMILY = (
    ["Müller", "Schmidt", "Schneider", "Fischer", "Weber", "Meyer", "Wagner", "Becker", "Schulz", "Hoffmann", "Schäfer", "Koch", "Bauer", "Richter", "Klein", "Wolf", "Schröder", "Neumann", "Schwarz", "Zimmermann", "Braun", "Krüger", "Hofmann", "Hartmann", "Lange", "Schmitt", "Werner", "Schmitz", "Krause", "Meier", "Lehmann", "Schmid", "Schulze", "Maier", "Köhler", "Herrmann", "König", "Walter", "Mayer", "Huber", "Kaiser", "Fuchs", "Peters", "Lang", "Scholz", "Möller", "Weiß", "Jung", "Hahn", "Schubert", "Vogel", "Friedrich", "Keller", "Günther", "Frank", "Berger", "Winkler", "Roth", "Beck", "Lorenz", "Baumann", "Franke", "Albrecht", "Schuster", "Simon", "Ludwig", "Böhm", "Winter", "Kraus", "Martin", "Schumacher", "Krämer", "Vogt", "Stein", "Jäger", "Otto", "Sommer", "Groß", "Seidel", "Heinrich", "Brandt", "Haas", "Schreiber", "Graf", "Schulte", "Dietrich", "Ziegler", "Kuhn", "Kühn", "Pohl", "Engel", "Horn", "Busch", "Bergmann", "Thomas", "Voigt", "Sauer", "Arnold", "Wolff", "Pfeiffer", "Yılmaz", "Kaya", "Demir", "Şahin", "Çelik", "Öztürk", "Kowalski", "Nowak", "Ivanov", "Nguyen", "Petersen", "Hansen", "Jensen", "Strauß", "Gößling", "Weiß-Blum", "Müller-Lüdenscheidt", "Meyer-Landrut", "Leutheusser-Kraft"]
    + ["von Arnim", "van der Berg", "von der Heide", "zu Castell", "de Vries"]
)
FAMILY_STARTS = ["Ober", "Nieder", "Stein", "Berg", "Wald", "Eich", "Linden", "Rosen", "Birken", "Hasel", "Buch", "Kirch", "Brück", "Mühl", "Acker", "Heide", "Moos", "Sand", "Hirsch", "Adler", "Falken", "Grün", "Schön", "Neu", "Alt", "Hell", "Lichten", "Winkel", "Krumm", "Oster", "Wester", "Nord", "Süder", "Tann", "Fichten", "Ahorn", "Wiesen", "Bach", "Dorn", "Feld", "Gold", "Silber", "Kupfer", "Eisen"]
FAMILY_ENDS = ["mann", "meier", "hauser", "bauer", "berger", "felder", "hofer", "huber", "müller", "eder", "acher", "inger", "stätter", "brunner", "reuter", "thaler", "schmidt", "wieser", "holz"]
NICKNAMES = {
    "Thomas": ["Tom"],
    "Michael": ["Michi", "Micha"],
    "Andreas": ["Andi"],
    "Stefan": ["Steff"],
    "Christian": ["Chris"],
    "Alexander": ["Alex"],
    "Daniel": ["Dani"],
    "Matthias": ["Matze", "Hias"],
    "Sebastian": ["Basti"],
    "Tobias": ["Tobi"],
    "Florian": ["Flo"],
    "Wolfgang": ["Wolf"],
    "Hans-Peter": ["Hape", "Hans"],
    "Karl-Heinz": ["Kalle"],
    "Maximilian": ["Max"],
    "Benjamin": ["Ben"],
    "Friedrich": ["Fritz"],
    "Wilhelm": ["Willi"],
    "Josef": ["Sepp"],
    "Philipp": ["Phil"],
    "Susanne": ["Susi"],
    "Stefanie": ["Steffi"],
    "Katharina": ["Kathi", "Käthe"],
    "Christina": ["Tina"],
    "Gabriele": ["Gabi"],
    "Ursula": ["Uschi", "Ulla"],
    "Elisabeth": ["Lisbeth", "Sissi"],
    "Angelika": ["Geli"],
    "Brigitte": ["Gitte"],
    "Franziska": ["Franzi"],
    "Johanna": ["Hanna"],
    "Charlotte": ["Lotte"],
    "Theresa": ["Resi"],
    "Antonia": ["Toni"],
    "Viktoria": ["Vicky"],
    "Ann-Kathrin": ["Anka"],
    "Rudolf": ["Rudi"],
    "Ulrich": ["Uli"],
    "Ulrike": ["Ulli"],
    "Gertrud": ["Trude"],
    "Hildegard": ["Hilde"],
    "Jan-Philipp": ["Jan"],
}
# city, region, postcode prefix, landline area code without its 0
CITIES = [
    ("Berlin", "Berlin", "10", "30"),
    ("Berlin", "Berlin", "12", "30"),
    ("Hamburg", "Hamburg", "22", "40"),
    ("München", "Bayern", "80", "89"),
    ("Köln", "Nordrhein-Westfalen", "50", "221"),
    ("Frankfurt am Main", "Hessen", "60", "69"),
    ("Stuttgart", "Baden-Württemberg", "70", "711"),
    ("Düsseldorf", "Nordrhein-Westfalen", "40", "211"),
    ("Leipzig", "Sachsen", "04", "341"),
    ("Dortmund", "Nordrhein-Westfalen", "44", "231"),
    ("Bremen", "Bremen", "28", "421"),
    ("Dresden", "Sachsen", "01", "351"),
    ("Hannover", "Niedersachsen", "30", "511"),
    ("Nürnberg", "Bayern", "90", "911"),
    ("Münster", "Nordrhein-Westfalen", "48", "251"),
    ("Freiburg im Breisgau", "Baden-Württemberg", "79", "761"),
    ("Lübeck", "Schleswig-Holstein", "23", "451"),
    ("Würzburg", "Bayern", "97", "931"),
    ("Göttingen", "Niedersachsen", "37", "551"),
    ("Saarbrücken", "Saarland", "66", "681"),
    ("Erfurt", "Thüringen", "99", "361"),
    ("Rostock", "Mecklenburg-Vorpommern", "18", "381"),
]
STREETS = """Hauptstraße|Bahnhofstraße|Schulstraße|Gartenstraße|Dorfstraße|Bergstraße|Kirchstraße|Lindenstraße|Birkenweg|Waldstraße|Ringstraße|
Goethestraße|Schillerstraße|Mozartstraße|Beethovenstraße|Am Markt|Rosenweg|Wiesenweg|Mühlenweg|Friedhofstraße|Jahnstraße|Feldstraße|Hofgasse|
Lange Straße|Neue Straße|Marktplatz|Königsallee|Kaiserstraße|Bismarckstraße|Friedrichstraße|Wilhelmstraße|Karl-Marx-Allee|Am Alten Hafen|
Zum Sonnenberg|Tulpenweg|Fasanenweg|Amselweg|Drosselweg|Eichendorffstraße|Lessingstraße|Uhlandstraße|Steinweg|Poststraße|Brückenstraße|
Auf der Höhe|Im Winkel|An der Weide|Pestalozzistraße|Ahornallee|Kastanienallee""".replace("\n", "").split("|")
EMAIL_HOSTS = ["gmx.de", "web.de", "gmail.com", "t-online.de", "outlook.de", "freenet.de", "icloud.com", "posteo.de"]
