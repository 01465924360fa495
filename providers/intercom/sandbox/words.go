package sandbox

// The vocabulary of generated objects. A few words carry what trips parsers:
// letters outside ASCII, quotes, backslashes, line breaks, right-to-left script.
var (
	firstNames = []string{"Ada", "Björn", "Chloé", "Dmitri", "Emeka", "Fatima", "Grace", "Hiroshi", "Íñigo", "Jürgen",
		"Kaja", "Łucja", "Mei", "Noor", "Olga", "Priya", "Quentin", "Renée", "Søren", "Tomás", "Uma", "Valeria", "Wanjiru",
		"小明", "さくら", "지우", "Joe \"JJ\"", "مريم"}
	lastNames = []string{"Alvarez", "Brontë", "Čapek", "Dvořák", "Eriksen", "Fernández", "Gómez", "Hughes", "Ito",
		"Jensen", "Kowalski", "Lindqvist", "Müller", "Nakamura", "O'Brien", "Pérez", "Quist", "Rossi", "Şahin", "Tanaka",
		"Umarov", "Vogel", "Wang", "Xu", "Yılmaz", "Zhang", "李", "田中"}
	domains = []string{"example.com", "example.org", "example.net", "mail.example.com", "corp.example", "shop.example",
		"studio.example", "xn--bcher-kva.example"}
	places = []string{
		`"country":"United States","region":"California","city":"San Francisco","country_code":"USA","continent_code":"NA"`,
		`"country":"Japan","region":"Tokyo","city":"千代田区","country_code":"JPN","continent_code":"AS"`,
		`"country":"Ireland","region":"Leinster","city":"Dublin","country_code":"IRL","continent_code":"EU"`,
		`"country":"Brazil","region":"São Paulo","city":"São Paulo","country_code":"BRA","continent_code":"SA"`,
		`"country":"Kenya","region":"Nairobi","city":"Nairobi","country_code":"KEN","continent_code":"AF"`,
		`"country":"Australia","region":"New South Wales","city":"Sydney","country_code":"AUS","continent_code":"OC"`,
		`"country":"Germany","region":null,"city":"K\u00f6ln","country_code":"DEU","continent_code":"EU"`,
		`"country":null,"region":null,"city":null,"country_code":null,"continent_code":null`,
	}
	browsers  = []string{"chrome", "safari", "firefox", "edge"}
	systems   = []string{"Windows 11", "OS X 15.1", "Linux", "Android 16", "iOS 26.1"}
	languages = []string{"en", "ja", "de", "fr", "pt-BR", "ar"}
	plans     = []string{"free", "pro", "team", "enterprise"}
	sectors   = []string{"manufacturing", "retail", "software", "education", "health", "logistics"}
	firms     = []string{"Acme", "Bluebird", "Cobalt", "Dovetail", "Ember", "Fjord", "Granite", "Harbour", "Indigo", "Juniper"}
	suffixes  = []string{"Ltd", "GmbH", "K.K.", "Inc.", "& Sons", "S.A."}
	topics    = []string{"invoice", "login", "export", "webhook", "refund", "upgrade", "mobile app", "permissions", "import", "single sign-on"}
	sentences = []string{
		"Hello, I cannot find where to change this.", "Thanks, that worked.", "It happens every time I open the page.",
		"Could you check the account again, please?", "We would like to move to the yearly plan.",
		"Here is what I see:\n\t\"Error 42\" \\ nothing else.", "Vielen Dank für die schnelle Hilfe!", "ありがとうございます。もう一度確認します。",
		"Is there an <em>API</em> for this?", "C'est réglé 👍", "A colleague asked for the same thing last week.",
		"The file is at C:\\temp\\report.csv", "شكرا جزيلا",
	}
	tagNames = []string{"VIP", "churn risk", "beta", "newsletter", "bug", "feature request", "billing", "onboarding",
		"enterprise", "press", "日本", "Größe", "follow up", "partner", "trial", "do \"not\" call", "imported", "webinar",
		"EMEA", "APAC", "refund", "escalated", "spam?", "café"}
	segmentNames = []string{"Active", "New", "Slipping Away", "Paying users", "Trial ends soon", "Mobile only", "Ohne Antwort", "All leads"}
	jobTitles    = []string{"Support engineer", "Team lead", "Success manager", "Billing specialist"}
)
