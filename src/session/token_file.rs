//! A token kept between runs: opt-in, readable by its owner only, replaced as a whole.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::error::{Code, Error, Result, in_words};
use crate::json::{Index, Json};
use crate::secret::{Secret, SecretBytes};
use crate::sys::file;

const MOST: u64 = 64 * 1024;

fn error(path: &str, what: &str) -> Error {
    Error::new(Code::File, format!("The token file {path} {what}."))
}

/// The token and its age, if the file is there and was made for this service, base and user.
/// An empty `user` takes any.
pub fn load(path: &str, service: &str, base: &str, user: &str) -> Result<Option<(Secret, Duration)>> {
    let file = match file::open_own(Path::new(path)) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(error(path, &format!("could not be read: {}", in_words(&e)))),
    };
    let examined = file::is_private(&file).and_then(|private| Ok((private, file.metadata()?.len())));
    let (private, length) = examined.map_err(|_| error(path, "could not be examined"))?;
    if !private {
        let advice = file::MAKE_PRIVATE;
        let what = format!("can be read by others; {advice}, or delete it and log in again");
        return Err(error(path, &what));
    }
    // At once, with room to see the end: a vector that grows leaves copies behind.
    let mut bytes = Vec::with_capacity(length.min(MOST) as usize + 64);
    file.take(MOST).read_to_end(&mut bytes).map_err(|_| error(path, "could not be read"))?;
    let bytes = SecretBytes::new(bytes);
    let index = Index::default();
    let json = Json::new(bytes.expose(), &index);
    let is = |pointer: &str, want: &str| json.string(pointer).is_some_and(|text| text == want);
    let any_user = user.is_empty() || is("/user", user);
    let (Some(token), Some(issued)) = (json.string("/token"), json.int("/issued")) else { return Ok(None) };
    if !(is("/service", service) && is("/base_url", base) && any_user) {
        return Ok(None);
    }
    // The wall clock is all there is between two runs; a token from the future is as good as unknown.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let age = u64::try_from(issued).ok().and_then(|issued| now.checked_sub(Duration::from_secs(issued)));
    Ok(age.map(|age| (Secret::new(token), age)))
}

/// Writes a new file beside the old one and puts it in its place.
pub fn save(path: &str, service: &str, base: &str, user: &str, token: &Secret) -> Result<()> {
    let issued = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let [service, base, user, token] = [service, base, user, token.expose()].map(Secret::quoted);
    let text = Secret::concat(&[
        "{\"service\": ",
        service.expose(),
        ", \"base_url\": ",
        base.expose(),
        ", \"user\": ",
        user.expose(),
        ", \"token\": ",
        token.expose(),
        &format!(", \"issued\": {issued}}}\n"),
    ]);
    // Several clients of one process may write the same file at once.
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let beside = format!("{path}.{}-{}.new", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let written = (|| {
        // Left over by a process of the same number that was killed.
        let _ = fs::remove_file(&beside);
        let mut file = file::create_private(Path::new(&beside))?;
        file.write_all(text.expose().as_bytes())?;
        file.sync_all()?;
        file::replace(Path::new(&beside), Path::new(path))
    })();
    written.map_err(|e| {
        let _ = fs::remove_file(&beside);
        error(path, &format!("could not be written: {}", crate::error::in_words(&e)))
    })
}

/// Deletes the file, if it is there.
pub fn remove(path: &str) {
    let _ = fs::remove_file(Path::new(path));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str) -> String {
        let folder = std::env::temp_dir().join(format!("crux-token-{}-{name}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder.join("token").to_str().unwrap().to_owned()
    }

    #[test]
    fn what_is_saved_is_loaded_for_its_owner_only() {
        let path = place("round");
        save(&path, "crunch", "https://a.test/api/", "ü\"", &Secret::new("abc")).unwrap();
        assert!(file::is_private(&file::open_own(Path::new(&path)).unwrap()).unwrap());
        let load = |service, base, user| load(&path, service, base, user).unwrap().map(|(token, _)| token);
        assert_eq!(load("crunch", "https://a.test/api/", "ü\""), Some(Secret::new("abc")));
        assert_eq!(load("crunch", "https://a.test/api/", ""), Some(Secret::new("abc")));
        assert_eq!(load("crunch", "https://b.test/api/", "ü\""), None);
        assert_eq!(load("custom", "https://a.test/api/", "ü\""), None);
        assert_eq!(load("crunch", "https://a.test/api/", "other"), None);
        assert_eq!(fs::read_dir(Path::new(&path).parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let path = place("open");
        save(&path, "crunch", "b", "u", &Secret::new("abc")).unwrap();
        file::let_others_read(Path::new(&path));
        let refused = load(&path, "crunch", "b", "u").unwrap_err();
        assert_eq!(refused.code, Code::File);
        assert!(refused.message.contains("0600"));
    }

    #[test]
    fn a_file_of_another_user_is_refused() {
        let path = place("foreign");
        save(&path, "crunch", "b", "u", &Secret::new("abc")).unwrap();
        if file::give_away(Path::new(&path)) {
            let refused = load(&path, "crunch", "b", "u").unwrap_err();
            assert_eq!(refused.code, Code::File);
            assert!(refused.message.contains("it belongs to another user"), "{}", refused.message);
            // A login puts one's own in its place.
            save(&path, "crunch", "b", "u", &Secret::new("abc")).unwrap();
            assert!(load(&path, "crunch", "b", "u").unwrap().is_some());
        }
    }

    #[test]
    fn what_is_no_token_file_is_as_if_absent() {
        let path = place("junk");
        let mut junk = file::create_private(Path::new(&path)).unwrap();
        junk.write_all(b"{\"token\": 7}").unwrap();
        assert!(load(&path, "crunch", "b", "u").unwrap().is_none());
        remove(&path);
        assert!(load(&path, "crunch", "b", "u").unwrap().is_none());
        assert!(save("/nowhere/at/all", "s", "b", "u", &Secret::new("abc")).is_err());
    }
}
