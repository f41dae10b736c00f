//! The synthetic world: names in many scripts and identifiers that are the same in every run.

/// Service, user, secret, remark: what the sandbox lets in.
pub const CREDENTIALS: &[(&str, &str, &str, &str)] = &[
    ("crux-connect", "ada@example.com", "correct horse", "a supplier"),
    ("crux-connect", "zoë@example.com", "пароль-密码", "a retailer"),
    ("crux-connect", "niran@example.com", "no rights here", "a supplier's user who may only view items"),
    ("crunch", "grace@example.com", "battery staple", "password login"),
    ("crunch", "grace@example.com", API_KEY, "the API key of grace"),
    ("crunch", "olga@example.com", API_KEY_OAUTH, "an OAuth user: only the API key opens"),
    ("crunch", "pavel@example.com", "no api here", "has no API access: apikeys/ is 404"),
];

pub const API_KEY: &str = "apk-c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveCE=";
pub const API_KEY_OAUTH: &str = "apk---9vbGdhIHNpZ25zIGluIGJ5IG9hdXRoIG9ubHkhISE=";

/// A moment in the past from which all dates of the data are counted: 2018-02-06T09:30:00Z.
pub const START: u64 = 1_517_909_400;

pub const PEOPLE: &[(&str, &str)] = &[
    ("小明", "王"),
    ("สมชาย", "ใจดี"),
    ("فاطمة", "الزهراء"),
    ("Zoë", "Brontë"),
    ("José", "Núñez"),
    ("美玲", "陳"),
    ("Łukasz", "Wójcik"),
    ("ณัฐ", "ศรีสุข"),
    ("عمر", "خيّام"),
    ("Søren", "Ågård"),
    ("🦊 Fuchs", "O'Neill"),
    ("Дарья", "Щукина"),
    ("さくら", "田中"),
    ("Thuỳ", "Nguyễn"),
];

pub const COMPANIES: &[&str] = &[
    "北京光明贸易有限公司",
    "บริษัท สยามการค้า จำกัด",
    "شركة النخيل للتجارة",
    "Café Façade & Söhne GmbH",
    "Übergrößen-Läden AG",
    "Piñata 🎉 Hermanos S.L.",
    "上海东方百货",
    "ร้านดอกไม้ริมน้ำ",
    "Smörgåsbord Import AB",
    "Acme Widgets \"Best\" Ltd.",
];

pub const PRODUCTS: &[&str] = &[
    "青花瓷茶壶",
    "ร่มไม้ไผ่",
    "سجادة يدوية",
    "Crème brûlée torch",
    "Rubber duck 🦆",
    "Fußball",
    "丝绸围巾",
    "กระเป๋าสาน",
    "مصباح نحاسي",
    "Jalapeño roaster",
    "Écharpe d'été",
    "Plain blue mug",
];

pub const BRANDS: &[&str] = &["光明", "ช้างขาว", "النخيل", "Élan", "Ødegård", "Sunny ☀️"];

pub const CITIES: &[(&str, &str, &str)] = &[
    ("上海", "上海市", "CN"),
    ("เชียงใหม่", "เชียงใหม่", "TH"),
    ("القاهرة", "القاهرة", "EG"),
    ("São Paulo", "SP", "BR"),
    ("Zürich", "ZH", "CH"),
    ("Salt Lake City", "UT", "US"),
];

/// The n-th of a list, round and round.
pub fn nth<T: Copy>(list: &[T], n: usize) -> T {
    list[n % list.len()]
}

/// Spreads the bits of a number (the finalizer of splitmix64).
pub fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

/// What an identifier identifies: the same number gives another uuid for each kind.
#[derive(Clone, Copy)]
pub enum Kind {
    Org = 1,
    Side,
    User,
    Person,
    Permission,
    Notice,
    Setting,
    Connection,
    Supplier,
    Item,
    Sku,
    Catalog,
    Inventory,
    Order,
    Line,
    Image,
    Dataset,
    Account,
    Savepoint = 20,
    ApiKey,
    Project,
}

pub fn uuid(kind: Kind, n: usize) -> String {
    let seed = (kind as u64) << 32 | n as u64;
    uuid_of(mix(seed), mix(!seed))
}

/// 128 bits as a uuid of version 4.
pub fn uuid_of(high: u64, low: u64) -> String {
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        0x8000 | low >> 48 & 0x3fff,
        low & 0xffff_ffff_ffff
    )
}

/// 32 lower-case hex digits, as Crunch names its things.
pub fn hex_id(kind: Kind, n: usize) -> String {
    uuid(kind, n).replace('-', "")
}

/// ISO 8601 with microseconds and `Z`.
pub fn iso(seconds: u64) -> String {
    let (year, month, day) = civil(seconds / 86_400);
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.000000Z")
}

/// The date of a day since 1970 (Howard Hinnant's algorithm).
fn civil(days: u64) -> (u64, u64, u64) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let of_era = shifted % 146_097;
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    (year + era * 400 + u64::from(month <= 2), month, day)
}

/// One cell of a CSV file.
pub fn cell(text: &str) -> String {
    if text.contains(['"', ',', '\n']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_string()
}
