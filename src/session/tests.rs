use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::*;
use crate::clock::FakeClock;
use crate::options::Options;
use crate::options::profile::Profile;
use crate::transport::limits::Limits;

const HOUR: Duration = Duration::from_secs(3600);

/// A session, its clock, and a count of its logins.
struct World {
    clock: Arc<FakeClock>,
    session: Session,
    service: Profile,
    logins: AtomicUsize,
}

impl World {
    fn new(keep_password: bool) -> World {
        let clock = Arc::new(FakeClock::default());
        let session = Session::new(clock.clone(), 7_200_000, 600_000, keep_password);
        session.set_credentials(Credentials::Password(Password {
            user: "u".into(),
            secret: Secret::new("passw0rd"),
        }));
        let service = Profile::from_options(&Options::new()).unwrap();
        World { clock, session, service, logins: AtomicUsize::new(0) }
    }

    fn token(&self, text: &str, source: Source) -> Token {
        Token::new(text, source, self.clock.now(), &self.service).unwrap()
    }

    /// A login that works; its tokens are called after its number.
    fn log_in(&self) -> Result<Token> {
        let number = self.logins.fetch_add(1, Ordering::SeqCst) + 1;
        Ok(self.token(&format!("login-{number}"), Source::Login))
    }

    fn fail(&self, code: Code) -> Result<Token> {
        self.logins.fetch_add(1, Ordering::SeqCst);
        Err(Error::new(code, "no").into())
    }

    fn count(&self) -> usize {
        self.logins.load(Ordering::SeqCst)
    }

    fn current(&self) -> Option<String> {
        self.session.token().map(|token| token.text.expose().to_owned())
    }

    /// Waits until `threads` threads wait for the login under way, the one that logs in included.
    fn until_all_wait(&self, threads: usize) {
        // The session's own, the one that logs in, and one for each that waits.
        let holders = || self.session.state.lock().renewal.as_ref().map_or(0, Arc::strong_count);
        while holders() < threads + 1 {
            thread::yield_now();
        }
    }
}

fn exchange() -> Arc<Exchange> {
    Exchange::new(Limits::default())
}

fn text(result: Result<Arc<Token>>) -> std::result::Result<String, Code> {
    result.map(|token| token.text.expose().to_owned()).map_err(|error| error.code)
}

/// 100 threads ask to replace one generation; all wait until the one that logs in has seen them all.
fn hundred(
    world: &World,
    log_in: impl Fn() -> Result<Token> + Sync,
) -> Vec<std::result::Result<String, Code>> {
    let ask = || {
        text(world.session.renew(0, &exchange(), |_| -> Result<Token> {
            world.until_all_wait(100);
            log_in()
        }))
    };
    thread::scope(|scope| {
        let asked: Vec<_> = (0..100).map(|_| scope.spawn(ask)).collect();
        asked.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn a_hundred_threads_share_one_login() {
    let world = World::new(true);
    let results = hundred(&world, || world.log_in());
    assert!(results.iter().all(|result| *result == Ok("login-1".to_owned())));
    assert_eq!(world.count(), 1);
    // Who comes late with the old generation gets the new token.
    assert_eq!(text(world.session.renew(0, &exchange(), |_| world.log_in())), Ok("login-1".to_owned()));
    assert_eq!(text(world.session.renew(1, &exchange(), |_| world.log_in())), Ok("login-2".to_owned()));
}

#[test]
fn a_hundred_threads_share_a_failure_of_any_kind() {
    for code in [Code::Auth, Code::Http, Code::Connect, Code::Timeout, Code::Tls] {
        let world = World::new(true);
        let results = hundred(&world, || world.fail(code));
        assert!(results.iter().all(|result| *result == Err(code)));
        assert_eq!(world.count(), 1, "{code:?}");
        // Only a refusal is remembered.
        let again = text(world.session.renew(0, &exchange(), |_| world.log_in()));
        let expected = if code == Code::Auth { Err(code) } else { Ok("login-2".to_owned()) };
        assert_eq!(again, expected);
    }
}

#[test]
fn nobody_waits_for_a_login_beyond_the_time_that_it_may_take() {
    let world = World::new(true);
    let (done, left) = std::sync::mpsc::channel();
    thread::scope(|scope| {
        // Its hook has not returned.
        let slow = Exchange::new(Limits { total: Some(Duration::ZERO), ..Limits::default() });
        let never: &World = &world;
        scope.spawn(move || {
            let _ = never.session.renew(0, &slow, |_| -> Result<Token> {
                let _ = left.recv();
                never.fail(Code::Timeout)
            });
        });
        world.until_all_wait(1);
        let waiting = scope.spawn(|| text(world.session.renew(0, &exchange(), |_| world.log_in())));
        let begun = Instant::now();
        while !waiting.is_finished() && begun.elapsed() < Duration::from_secs(20) {
            thread::sleep(Duration::from_millis(5));
        }
        let ended = waiting.is_finished();
        done.send(()).unwrap();
        assert!(ended, "it waited for ever");
        assert_eq!(waiting.join().unwrap(), Ok("login-1".to_owned()));
    });
}

#[test]
fn a_call_that_ends_during_its_login_takes_nobody_with_it() {
    let over = Exchange::new(Limits { total: Some(Duration::ZERO), ..Limits::default() });
    let cancelled = exchange();
    cancelled.cancel();
    for (ended, code) in [(over, Code::Timeout), (cancelled, Code::Cancelled)] {
        let world = World::new(true);
        thread::scope(|scope| {
            let first = scope.spawn(|| {
                text(world.session.renew(0, &ended, |_| {
                    world.until_all_wait(2);
                    world.fail(code)
                }))
            });
            while world.session.state.lock().renewal.is_none() {
                thread::yield_now();
            }
            assert_eq!(
                text(world.session.renew(0, &exchange(), |_| world.log_in())),
                Ok("login-2".to_owned())
            );
            assert_eq!(first.join().unwrap(), Err(code));
        });
    }
}

#[test]
fn a_login_that_panics_wakes_those_who_wait() {
    let world = World::new(true);
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            let panicking = || {
                let _ = world.session.renew(0, &exchange(), |_| -> Result<Token> {
                    world.until_all_wait(2);
                    std::panic::resume_unwind(Box::new(()))
                });
            };
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(panicking)).unwrap_err();
        });
        while world.session.state.lock().renewal.is_none() {
            thread::yield_now();
        }
        let second = text(world.session.renew(0, &exchange(), |_| world.log_in()));
        assert_eq!(second, Err(Code::Internal));
        first.join().unwrap();
    });
    assert_eq!(text(world.session.renew(0, &exchange(), |_| world.log_in())), Ok("login-1".to_owned()));
}

#[test]
fn a_wait_for_a_login_can_be_cancelled() {
    let (world, mine) = (World::new(true), exchange());
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            text(world.session.renew(0, &exchange(), |_| -> Result<Token> {
                world.until_all_wait(2);
                mine.cancel();
                // Lands only after the other one has left.
                while Arc::strong_count(world.session.state.lock().renewal.as_ref().unwrap()) > 2 {
                    thread::yield_now();
                }
                world.log_in()
            }))
        });
        while world.session.state.lock().renewal.is_none() {
            thread::yield_now();
        }
        assert_eq!(text(world.session.renew(0, &mine, |_| world.log_in())), Err(Code::Cancelled));
        assert_eq!(first.join().unwrap(), Ok("login-1".to_owned()));
    });
}

#[test]
fn a_token_set_during_a_login_wins() {
    let world = World::new(true);
    let result = text(world.session.renew(0, &exchange(), |_| -> Result<Token> {
        world.session.set_token(world.token("pasted", Source::Given("test".into())));
        world.log_in()
    }));
    assert_eq!(result, Ok("pasted".to_owned()));
    assert_eq!(world.current().as_deref(), Some("pasted"));
    assert!(!world.session.can_renew(), "the password went with the old token");
}

#[test]
fn a_session_cleared_during_a_login_stays_cleared() {
    let world = World::new(true);
    let result = text(world.session.renew(0, &exchange(), |_| -> Result<Token> {
        world.session.clear();
        world.log_in()
    }));
    assert_eq!(result, Err(Code::Auth));
    assert_eq!(world.current(), None);
    let none = world.session.token_for_request(&exchange(), |_| world.log_in()).unwrap();
    assert!(none.is_none() && world.count() == 1);
}

#[test]
fn a_refusal_is_remembered_until_new_credentials_come() {
    let world = World::new(true);
    let ask = |refuse: bool| {
        let response = world.session.token_for_request(&exchange(), |_| match refuse {
            true => world.fail(Code::Auth),
            false => world.log_in(),
        });
        response.map(|token| token.is_some()).map_err(|error| error.code)
    };
    for _ in 0..3 {
        assert_eq!(ask(true), Err(Code::Auth));
        assert_eq!(ask(false), Err(Code::Auth));
    }
    assert_eq!(world.count(), 1);
    assert!(world.session.state.lock().credentials.is_none(), "a refused password is of no use");
    world
        .session
        .set_credentials(Credentials::Password(Password { user: "u".into(), secret: Secret::new("right") }));
    assert_eq!(ask(false), Ok(true));
    assert_eq!(world.count(), 2);
}

#[test]
fn the_password_goes_after_the_login_if_it_is_not_to_be_kept() {
    let world = World::new(false);
    assert!(world.session.token_for_request(&exchange(), |_| world.log_in()).unwrap().is_some());
    assert!(world.session.state.lock().credentials.is_none());
    world.clock.advance(3 * HOUR);
    let late = world.session.token_for_request(&exchange(), |_| world.log_in()).unwrap();
    assert_eq!(late.unwrap().text.expose(), "login-1");
    assert_eq!(text(world.session.renew(1, &exchange(), |_| world.log_in())), Err(Code::Auth));
    assert_eq!(world.count(), 1);
}

#[test]
fn a_given_token_does_not_grow_old() {
    let world = World::new(true);
    world.session.set_token(world.token("key", Source::Given("test".into())));
    world.clock.advance(1000 * HOUR);
    assert_eq!(world.session.expires_in(), None);
    assert!(world.session.token_for_request(&exchange(), |_| world.log_in()).unwrap().is_some());
    assert_eq!(world.count(), 0);
}

#[test]
fn what_the_server_echoes_is_hidden() {
    let world = World::new(true);
    world.session.set_token(world.token("t0k3n-value", Source::Login));
    let clean = world.session.scrub("passw0rd and t0k3n-value, but not password");
    assert_eq!(clean, "[secret] and [secret], but not password");
    assert!(!format!("{:?}", world.session).contains("passw0rd"));
    assert!(!format!("{:?}", world.session).contains("t0k3n-value"));
}

#[test]
fn a_login_that_took_long_to_fail_is_not_tried_again_at_once() {
    let world = World::new(true);
    let ask = |outcome: &dyn Fn() -> Result<Token>| {
        world
            .session
            .token_for_request(&exchange(), |_| outcome())
            .map(|token| token.unwrap().text.expose().to_owned())
    };
    assert_eq!(ask(&|| world.log_in()).unwrap(), "login-1");
    world.clock.advance(Duration::from_millis(7_200_000 - 500_000));
    for _ in 0..2 {
        let slow = || {
            world.clock.advance(Duration::from_secs(31));
            world.fail(Code::Timeout)
        };
        assert_eq!(ask(&slow).unwrap(), "login-1");
    }
    assert_eq!(world.count(), 2);
}

#[test]
fn a_living_token_serves_while_another_thread_renews_it() {
    let world = World::new(true);
    let first = world.session.token_for_request(&exchange(), |_| world.log_in()).unwrap().unwrap();
    world.clock.advance(Duration::from_millis(7_200_000 - 500_000));
    let second = world.session.token_for_request(&exchange(), |_| {
        let served = thread::scope(|scope| {
            scope
                .spawn(|| world.session.token_for_request(&exchange(), |_| world.log_in()).unwrap().unwrap())
                .join()
        });
        assert_eq!(served.unwrap().text, first.text);
        world.log_in()
    });
    assert_eq!(second.unwrap().unwrap().text.expose(), "login-2");
}
