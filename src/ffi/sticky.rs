//! What was refused while an object was described: it stays, until the same thing is set well.

use crate::error::{Code, Error, Result};
use crate::sync::Lock;

/// The refusals of one call or of one set of options, the first one first.
#[derive(Default)]
pub struct Sticky(Lock<Vec<(String, Error)>>);

impl Sticky {
    /// One that starts with a refusal that nothing can mend.
    pub fn with(error: Option<Error>) -> Sticky {
        Sticky(Lock::new(error.into_iter().map(|error| (String::new(), error)).collect()))
    }

    /// Notes how setting `what` went, and returns the number of that outcome.
    pub fn note(&self, what: &str, outcome: Result<()>) -> i32 {
        let mut refused = self.0.lock();
        let known = refused.iter().position(|(other, _)| other == what);
        match (outcome, known) {
            (Ok(()), known) => {
                known.map(|at| refused.remove(at));
                Code::Ok.number()
            }
            (Err(error), Some(at)) => {
                let code = error.code;
                refused[at].1 = error;
                code.number()
            }
            (Err(error), None) => {
                let code = error.code;
                refused.push((what.to_owned(), error));
                code.number()
            }
        }
    }

    /// Forgets what was refused of things whose name begins so: they were replaced as a whole.
    pub fn forget(&self, beginning: &str) {
        self.0.lock().retain(|(what, _)| !what.starts_with(beginning));
    }

    /// The first refusal that still stands.
    pub fn first(&self) -> Option<Error> {
        self.0.lock().first().map(|(_, error)| error.clone())
    }

    /// An error if anything that was refused still stands.
    pub fn check(&self) -> Result<()> {
        self.first().map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> Result<()> {
        Err(Error::argument(text))
    }

    #[test]
    fn the_first_refusal_stays_until_the_same_thing_is_set_well() {
        let sticky = Sticky::default();
        assert_eq!(sticky.note("a", wrong("first")), 1);
        assert_eq!(sticky.note("b", wrong("second")), 1);
        assert_eq!(sticky.note("c", Ok(())), 0);
        assert_eq!(sticky.first().unwrap().message, "first");
        sticky.note("a", wrong("again"));
        assert_eq!(sticky.first().unwrap().message, "again");
        sticky.note("a", Ok(()));
        assert_eq!(sticky.first().unwrap().message, "second");
        sticky.forget("b");
        assert!(sticky.check().is_ok());
        let never_made = Sticky::with(wrong("never made").err());
        never_made.note("a", Ok(()));
        assert_eq!(never_made.first().unwrap().message, "never made");
    }
}
