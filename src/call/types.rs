//! Media types by file name ending, for parts of a form that are given none.

/// A type, and whether the service also takes such files inside gzip or zip, under the type of their content.
struct Row {
    ending: &'static str,
    kind: &'static str,
    packed: bool,
}

const fn row(ending: &'static str, kind: &'static str) -> Row {
    Row { ending, kind, packed: false }
}

const fn packed(ending: &'static str, kind: &'static str) -> Row {
    Row { ending, kind, packed: true }
}

/// Crunch chooses its parser by the type: CSV, SPSS, Parquet, Triple-S. The rest is what the world calls them.
const TYPES: &[Row] = &[
    packed("csv", "text/csv"),
    packed("tsv", "text/tab-separated-values"),
    row("tab", "text/tab-separated-values"),
    packed("sav", "application/x-spss-sav"),
    row("zsav", "application/x-spss-sav"),
    row("por", "application/x-spss-por"),
    row("parquet", "application/x-parquet"),
    // Triple-S: the description is XML, the data next to it is text.
    packed("sss", "text/xml"),
    packed("xml", "text/xml"),
    row("asc", "text/plain"),
    row("json", "application/json"),
    packed("ldjson", "application/x-ndjson"),
    packed("ndjson", "application/x-ndjson"),
    packed("jsonl", "application/x-ndjson"),
    row("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    row("xls", "application/vnd.ms-excel"),
    row("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    row("doc", "application/msword"),
    row("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    row("txt", "text/plain"),
    row("rtf", "text/rtf"),
    row("pdf", "application/pdf"),
    row("html", "text/html"),
    row("png", "image/png"),
    row("jpg", "image/jpeg"),
    row("jpeg", "image/jpeg"),
    row("svg", "image/svg+xml"),
    row("zip", "application/zip"),
    row("gz", "application/gzip"),
];

/// What is known of no ending is just bytes.
const BYTES: &str = "application/octet-stream";

/// Returns the type of a file, by its name.
pub fn type_of(path: &str) -> &'static str {
    let name = super::body::file_name(path).to_ascii_lowercase();
    let find = |name: &str| {
        let (_, ending) = name.rsplit_once('.')?;
        TYPES.iter().find(|row| row.ending == ending)
    };
    let inner = [".gz", ".zip"].iter().find_map(|around| name.strip_suffix(around));
    let content = inner.and_then(find).filter(|row| row.packed);
    content.or_else(|| find(&name)).map_or(BYTES, |row| row.kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_by_name() {
        let csv = "text/csv";
        for (name, want) in [
            ("a.csv", csv),
            ("A.CSV", csv),
            ("/data.sav/a.csv", csv),
            ("C:\\data\\a.csv", csv),
            ("a.csv.gz", csv),
            ("a.Csv.GZ", csv),
            ("a.csv.zip", csv),
            ("a.tsv", "text/tab-separated-values"),
            ("a.sav", "application/x-spss-sav"),
            ("a.sav.zip", "application/x-spss-sav"),
            ("a.zsav", "application/x-spss-sav"),
            ("a.sss", "text/xml"),
            ("a.parquet", "application/x-parquet"),
            ("a.ldjson", "application/x-ndjson"),
            ("a.ndjson", "application/x-ndjson"),
            ("a.jsonl", "application/x-ndjson"),
            ("a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            ("a.pdf.gz", "application/gzip"),
            ("a.gz", "application/gzip"),
            ("a.zip", "application/zip"),
            ("csv", BYTES),
            ("a.csv/b", BYTES),
            ("a.csv.bak", BYTES),
            ("a.", BYTES),
            ("", BYTES),
        ] {
            assert_eq!(type_of(name), want, "{name}");
        }
    }

    #[test]
    fn each_ending_stands_once() {
        for (index, row) in TYPES.iter().enumerate() {
            assert!(TYPES[..index].iter().all(|before| before.ending != row.ending), "{}", row.ending);
        }
    }
}
