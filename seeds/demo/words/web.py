"""The website that Segment watches: its pages, its visitors' browsers, robots, and where visits come from. Data alone."""
# ruff: noqa: E501

SITE = "https://www.fernhill.io"
AGENTS = [
    (
        "desktop",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    ),
    (
        "mobile",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    ),
    (
        "desktop",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    ),
    (
        "mobile",
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
    ),
    (
        "tablet",
        "Mozilla/5.0 (iPad; CPU OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/604.1",
    ),
    ("desktop", "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0"),
]
BOTS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "python-requests/2.32.3",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36",
]
PAGES = [
    ("/", "Fernhill"),
    ("/collections/desk", "Desks and lamps"),
    ("/collections/labels", "Labels"),
    ("/stores", "Stores"),
    ("/flows", "Fernhill Flows"),
    ("/blog/paperless", "A paperless week"),
    ("/pricing", "Pricing"),
    ("/help", "Help"),
]
CAMPAIGNS = [
    ("google", "cpc", "desks-autumn", "gclid"),
    ("google", "cpc", "labels", "gclid"),
    ("facebook", "paid_social", "flows-launch", "fbclid"),
    ("klaviyo", "email", "weekly", ""),
    ("linkedin", "paid_social", "flows-teams", ""),
]
REFERRERS = [
    "https://www.google.com/",
    "https://duckduckgo.com/",
    "https://www.bing.com/",
    "https://news.ycombinator.com/",
    "",
]
