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

/// What a token file holds.
#[derive(Debug)]
pub struct Kept {
    pub token: Secret,
    pub age: Duration,
    /// How long the token lived when it was new, if that was known.
    pub lifetime: Option<Duration>,
    pub refresh: Option<Secret>,
    pub user: String,
}

/// What the file holds, if it is there and was made for this service, base and user. An empty `user` takes any.
/// One that cannot be read is told to `warn`, and is as if it were not there.
pub fn load(path: &str, service: &str, base: &str, user: &str, warn: impl Fn(Error)) -> Result<Option<Kept>> {
    let file = match file::open_own(Path::new(path)) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        // What is no error of the system's is a reason not to believe the file.
        Err(e) if e.raw_os_error().is_some() => {
            warn(error(path, &format!("could not be read: {}", in_words(&e))));
            return Ok(None);
        }
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
    let (Some(token), Some(issued)) = (json.string("/token"), json.int("/issued")) else {
        // A new file may have been made empty.
        if !bytes.expose().trim_ascii().is_empty() {
            warn(error(path, "holds no token that can be read, and counts as empty"));
        }
        return Ok(None);
    };
    if !(is("/service", service) && is("/base_url", base) && any_user) {
        return Ok(None);
    }
    // The wall clock is all there is between two runs; a token from the future is as good as unknown.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let age = u64::try_from(issued).ok().and_then(|issued| now.checked_sub(Duration::from_secs(issued)));
    let lifetime = json.int("/lifetime").and_then(|seconds| u64::try_from(seconds).ok());
    Ok(age.map(|age| Kept {
        token: Secret::new(token),
        age,
        lifetime: lifetime.map(Duration::from_secs),
        refresh: json.string("/refresh").map(Secret::new),
        user: json.string("/user").unwrap_or_default().into_owned(),
    }))
}

/// Writes a new file beside the old one and puts it in its place.
pub fn save(
    path: &str,
    service: &str,
    base: &str,
    user: &str,
    token: &Secret,
    lifetime: Option<Duration>,
    refresh: Option<&Secret>,
) -> Result<()> {
    let issued = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let [service, base, user, token] = [service, base, user, token.expose()].map(Secret::quoted);
    let refresh = refresh.map(|refresh| Secret::quoted(refresh.expose()));
    let (refresh_key, refresh) =
        refresh.as_ref().map_or(("", ""), |refresh| (", \"refresh\": ", refresh.expose()));
    let lifetime = lifetime.map(|lifetime| format!(", \"lifetime\": {}", lifetime.as_secs()));
    let text = Secret::concat(&[
        "{\"service\": ",
        service.expose(),
        ", \"base_url\": ",
        base.expose(),
        ", \"user\": ",
        user.expose(),
        ", \"token\": ",
        token.expose(),
        refresh_key,
        refresh,
        lifetime.as_deref().unwrap_or_default(),
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
        drop(file);
        file::replace(Path::new(&beside), Path::new(path))
    })();
    written.map_err(|e| {
        let _ = fs::remove_file(&beside);
        error(path, &format!("could not be written: {}", crate::error::in_words(&e)))
    })
}

/// The right to log in for all who share a token file; given back when dropped.
#[derive(Debug)]
pub struct Turn {
    file: fs::File,
    path: String,
}

impl Drop for Turn {
    fn drop(&mut self) {
        // While it is held: whoever waits for it makes another.
        let _ = fs::remove_file(&self.path);
        file::release(&self.file);
    }
}

/// Takes the turn to log in; `Ok(None)` if another process has it.
pub fn take_turn(path: &str) -> Result<Option<Turn>> {
    let beside = format!("{path}.lock");
    let held = file::hold_private(Path::new(&beside));
    let held =
        held.map_err(|e| error(path, &format!("could not be locked by {beside}: {}", in_words(&e))))?;
    Ok(held.map(|file| Turn { file, path: beside }))
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
        save(&path, "crunch", "https://a.test/api/", "ü\"", &Secret::new("abc"), None, None).unwrap();
        assert!(file::is_private(&file::open_own(Path::new(&path)).unwrap()).unwrap());
        let load =
            |service, base, user| load(&path, service, base, user, |_| ()).unwrap().map(|kept| kept.token);
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
        save(&path, "crunch", "b", "u", &Secret::new("abc"), None, None).unwrap();
        file::let_others_read(Path::new(&path));
        let refused = load(&path, "crunch", "b", "u", |_| ()).unwrap_err();
        assert_eq!(refused.code, Code::File);
        assert!(refused.message.contains(file::MAKE_PRIVATE));
    }

    #[test]
    fn a_file_of_another_user_is_refused() {
        let path = place("foreign");
        save(&path, "crunch", "b", "u", &Secret::new("abc"), None, None).unwrap();
        if file::give_away(Path::new(&path)) {
            let refused = load(&path, "crunch", "b", "u", |_| ()).unwrap_err();
            assert_eq!(refused.code, Code::File);
            assert!(refused.message.contains("it belongs to another user"), "{}", refused.message);
            // A login puts one's own in its place.
            save(&path, "crunch", "b", "u", &Secret::new("abc"), None, None).unwrap();
            assert!(load(&path, "crunch", "b", "u", |_| ()).unwrap().is_some());
        }
    }

    #[test]
    fn what_is_no_token_file_is_as_if_absent() {
        let path = place("junk");
        let mut junk = file::create_private(Path::new(&path)).unwrap();
        junk.write_all(b"{\"token\": 7}").unwrap();
        assert!(load(&path, "crunch", "b", "u", |_| ()).unwrap().is_none());
        remove(&path);
        assert!(load(&path, "crunch", "b", "u", |_| ()).unwrap().is_none());
        assert!(save("/nowhere/at/all", "s", "b", "u", &Secret::new("abc"), None, None).is_err());
    }
}
