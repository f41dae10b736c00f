//! PEM: files and blocks of certificates and private keys, in memory that is wiped.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use rustls::pki_types::CertificateDer;
use zeroize::Zeroizing;

use crate::error::in_words;
use crate::sys::trust;
use crate::transport::tls::certificate::Facts;

/// Takes what other tools take: with or without padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// One block between BEGIN and END.
pub struct Block<'a> {
    pub label: &'a str,
    body: &'a str,
}

impl<'a> Block<'a> {
    /// All blocks of a text; what stands between them is left out. One without an end reaches to the end.
    pub fn all(text: &'a str) -> Vec<Block<'a>> {
        const BEGIN: &str = "-----BEGIN ";
        let mut blocks = Vec::new();
        let mut rest = text;
        while let Some(at) = rest.find(BEGIN) {
            rest = &rest[at + BEGIN.len()..];
            let Some((label, after)) = rest.split_once("-----") else { break };
            if label.contains(['\n', '\r']) {
                continue;
            }
            let end = after.find("-----END").or_else(|| after.find(BEGIN)).unwrap_or(after.len());
            blocks.push(Block { label, body: &after[..end] });
            rest = &after[end..];
        }
        blocks
    }

    pub fn is_certificate(&self) -> bool {
        matches!(self.label, "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE")
    }

    pub fn is_key(&self) -> bool {
        self.label.ends_with("PRIVATE KEY")
    }

    /// Whether a password is needed.
    pub fn is_encrypted(&self) -> bool {
        self.label.starts_with("ENCRYPTED") || self.body.contains("Proc-Type: 4,ENCRYPTED")
    }

    /// The bytes; `None` if it is no base64.
    pub fn bytes(&self) -> Option<Zeroizing<Vec<u8>>> {
        let mut text = Zeroizing::new(Vec::with_capacity(self.body.len()));
        text.extend(self.body.bytes().filter(|b| !b.is_ascii_whitespace()));
        let mut bytes = Zeroizing::new(vec![0; text.len()]);
        let length = LENIENT.decode_slice(&*text, &mut bytes).ok().filter(|length| *length > 0)?;
        bytes.truncate(length);
        Some(bytes)
    }

    /// The certificate; a trusted one has what OpenSSL adds behind it.
    pub fn certificate(&self) -> Option<Vec<u8>> {
        let bytes = self.bytes()?;
        let length = super::certificate::length(&bytes)?;
        match self.label {
            "TRUSTED CERTIFICATE" => bytes.get(..length).map(<[u8]>::to_vec),
            _ => (bytes.len() == length).then(|| bytes.to_vec()),
        }
    }
}

/// PEM as text; what is no UTF-8 stands between the blocks.
pub fn text_of(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len()));
    text.extend(bytes.iter().map(|b| if b.is_ascii() { char::from(*b) } else { '?' }));
    text
}

/// Reads a file into memory that is taken once, so that nothing of a key stays behind.
pub fn read_file(path: impl AsRef<Path>) -> std::io::Result<Zeroizing<Vec<u8>>> {
    const MOST: u64 = 64 << 20;
    // A pipe would wait for whoever writes to it.
    let facts = std::fs::metadata(&path)?;
    match (facts.is_dir(), facts.is_file() && facts.len() <= MOST) {
        (true, _) => return Err(std::io::ErrorKind::IsADirectory.into()),
        (_, false) => return Err(std::io::Error::other("it is no file of a fitting size")),
        _ => {}
    }
    let mut bytes = Zeroizing::new(vec![0; facts.len() as usize]);
    let mut file = File::open(path)?;
    let mut filled = 0;
    while filled < bytes.len() {
        match file.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(amount) => filled += amount,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// The certificates of a PEM text; `Err` says which is broken.
pub fn certificates(pem: &str) -> std::result::Result<Vec<CertificateDer<'static>>, String> {
    let blocks = Block::all(pem);
    let blocks = blocks.iter().filter(|block| block.is_certificate());
    let mut found = Vec::new();
    for (index, block) in blocks.enumerate() {
        let der = block.certificate().map(CertificateDer::from).filter(is_usable);
        found.push(der.ok_or_else(|| format!("certificate number {} in it is damaged", index + 1))?);
    }
    if found.is_empty() { Err("it holds no certificate in PEM form".to_owned()) } else { Ok(found) }
}

/// Whether the verifier takes it: it would refuse all of them for one that it cannot take.
fn is_usable(der: &CertificateDer<'_>) -> bool {
    Facts::of(der).is_some() && webpki::anchor_from_trusted_cert(der).is_ok()
}

/// The files that the environment names: one, and those of its folders.
fn files_of_variables() -> Vec<PathBuf> {
    let folders = std::env::var_os("SSL_CERT_DIR").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&folders).collect();
    let entries = folders.iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten().flatten();
    let file = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    file.into_iter().chain(entries.map(|entry| entry.path())).collect()
}

/// What the environment's files hold and the system's reader passes over: certificates behind a mark of the byte order,
/// or under the other labels.
pub fn oddly_written() -> Vec<CertificateDer<'static>> {
    if !trust::BY_VARIABLES {
        return Vec::new();
    }
    let mut found = Vec::new();
    for path in files_of_variables() {
        let Ok(bytes) = read_file(&path) else { continue };
        let text = text_of(&bytes);
        let blocks = Block::all(&text);
        let odd = |at: usize, block: &Block<'_>| {
            block.label != "CERTIFICATE" || at == 0 && bytes.starts_with("\u{feff}-".as_bytes())
        };
        let odd = blocks.iter().enumerate().filter(|(at, block)| block.is_certificate() && odd(*at, block));
        let odd = odd.filter_map(|(_, block)| block.certificate().map(CertificateDer::from));
        found.extend(odd.filter(is_usable));
    }
    found
}

/// The file or folder of authorities that the environment names and that cannot be read, with the reason.
pub fn unreadable_variable() -> Option<String> {
    if !trust::BY_VARIABLES {
        return None;
    }
    let told = |name: &str, path: &Path, why: String| {
        Some(format!("the environment variable {name} names {}: {why}", path.display()))
    };
    // Of one whose base64 is whole, the verifier knows best.
    let is_damaged = |block: &Block<'_>| block.is_certificate() && block.certificate().is_none();
    if let Some(path) = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from) {
        match read_file(&path) {
            Err(why) => return told("SSL_CERT_FILE", &path, in_words(&why)),
            Ok(bytes) => {
                let text = text_of(&bytes);
                let whole = certificates(&text);
                if let Err(why) = whole
                    && (Block::all(&text).iter().any(is_damaged) || !holds_any(&text))
                {
                    return told("SSL_CERT_FILE", &path, why);
                }
            }
        }
    }
    let folders = std::env::var_os("SSL_CERT_DIR")?;
    for folder in std::env::split_paths(&folders).filter(|path| !path.as_os_str().is_empty()) {
        let files: Vec<_> = match std::fs::read_dir(&folder) {
            Err(why) => return told("SSL_CERT_DIR", &folder, in_words(&why)),
            Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
        };
        let reasons: Vec<_> = files.iter().map(|path| why_none_in(path)).collect();
        // One file that can be read is what others that cannot be stand beside in every system's folder.
        if let Some(path) = files.first()
            && let Some(Some(why)) = reasons.first()
            && reasons.iter().all(Option::is_some)
        {
            let name = path.file_name().unwrap_or_default().display();
            return told(
                "SSL_CERT_DIR",
                &folder,
                format!("no certificate could be read in it ({name}: {why})"),
            );
        }
        if files.is_empty() {
            return told("SSL_CERT_DIR", &folder, "nothing is in it".to_owned());
        }
    }
    None
}

fn holds_any(text: &str) -> bool {
    let blocks = Block::all(text);
    let all = blocks.iter().filter(|block| block.is_certificate()).filter_map(Block::certificate);
    all.map(CertificateDer::from).any(|der| is_usable(&der))
}

/// Why no certificate can be read out of a file; `None` if one can.
fn why_none_in(path: &Path) -> Option<String> {
    match read_file(path) {
        Err(why) => Some(in_words(&why)),
        Ok(bytes) => {
            let text = text_of(&bytes);
            certificates(&text).err().filter(|_| !holds_any(&text))
        }
    }
}

/// The same, if the file is a pipe or a device, which whoever reads it would wait for or read for ever.
pub fn endless_variable() -> Option<String> {
    let path = std::env::var_os("SSL_CERT_FILE")?;
    let facts = std::fs::metadata(path).ok()?;
    (!facts.is_file() && !facts.is_dir()).then(unreadable_variable).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_a_text() {
        let text = "\u{feff}x\r\n-----BEGIN A-----\r\nYWJj\r\n-----END A-----\r\n-----BEGIN RSA PRIVATE KEY-----\n\
                    Proc-Type: 4,ENCRYPTED\n\nYWJj\n-----END RSA PRIVATE KEY-----\n-----BEGIN B-----\nYW!!";
        let blocks = Block::all(text);
        let labels: Vec<_> = blocks.iter().map(|block| block.label).collect();
        assert_eq!(labels, ["A", "RSA PRIVATE KEY", "B"]);
        assert_eq!(blocks[0].bytes().unwrap().as_slice(), b"abc");
        assert!(blocks[1].is_encrypted() && blocks[1].is_key() && !blocks[0].is_encrypted());
        assert!(blocks[2].bytes().is_none());
    }
}
