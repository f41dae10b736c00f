//! Renewal before expiry, on a clock that the test moves.

use std::sync::Arc;
use std::time::Duration;

use support::library::{self, Call, Client, Clock, FakeClock, Finished, Hooks, LogHook, Options};

use crate::{ADA, LOGIN_PATH, PLACE, base, counts};
use sandbox::{Canned, Sandbox};

const MINUTE: Duration = Duration::from_secs(60);

struct World {
    sandbox: Sandbox,
    clock: Arc<FakeClock>,
    client: Arc<Client>,
    _hooks: Hooks,
}

impl World {
    fn new(more: &[(&str, &str)], hook: impl FnOnce(Arc<FakeClock>) -> Option<Arc<LogHook>>) -> World {
        let sandbox = Sandbox::start();
        let clock = Arc::new(FakeClock::default());
        let mut options = Options::new();
        let base = base(&sandbox);
        let own = [("base_url", &*base), ("user", ADA.0), ("secret", ADA.1), ("log.level", "5")];
        for (key, value) in own.iter().chain(more) {
            options.set(key, Some(value)).unwrap();
        }
        let hooks = Hooks { log: hook(clock.clone()), ..Hooks::default() };
        let client = Client::new(&options, &hooks, clock.clone()).unwrap();
        let world = World { sandbox, clock, client, _hooks: hooks };
        library::first_login(&world.client).unwrap();
        assert_eq!(counts(&world.sandbox), (1, 0));
        world
    }

    /// Moves both clocks.
    fn pass(&self, time: Duration) {
        self.clock.advance(time);
        self.sandbox.advance(time);
    }

    fn get(&self) -> Finished {
        let call = Call::new(self.client.clone(), "GET", PLACE).unwrap();
        library::send(&self.client, &call, &library::exchange(&self.client))
    }

    /// Asks, and tells how many logins and requests that took.
    #[track_caller]
    fn ask(&self) -> (usize, usize) {
        let response = self.get();
        assert_eq!(response.error, None);
        assert_eq!(response.server_message, None);
        counts(&self.sandbox)
    }
}

#[test]
fn a_token_is_renewed_after_110_minutes() {
    let world = World::new(&[], |_| None);
    assert_eq!(world.client.session.expires_in(), Some(120 * MINUTE));
    world.pass(110 * MINUTE - Duration::from_millis(1));
    assert_eq!(world.ask(), (0, 1));
    world.pass(Duration::from_millis(1));
    assert_eq!(world.ask(), (1, 1), "the login comes first, so nothing is sent twice");
    assert_eq!(world.client.session.expires_in(), Some(120 * MINUTE));
    for _ in 0..5 {
        assert_eq!(world.ask(), (0, 1));
        world.pass(10 * MINUTE);
    }
    world.pass(60 * MINUTE);
    assert_eq!(world.ask(), (1, 1));
    // A machine that slept for a week.
    world.pass(Duration::from_secs(7 * 86_400));
    assert_eq!(world.ask(), (1, 1));
}

#[test]
fn the_life_counts_from_the_start_of_the_login() {
    // The login takes half an hour: the line is logged when it starts.
    let world = World::new(&[], |clock| {
        Some(Arc::new(move |_, line: &str| {
            if line.starts_with("logging in") {
                clock.advance(30 * MINUTE);
            }
        }))
    });
    assert_eq!(world.client.session.expires_in(), Some(90 * MINUTE));
    world.clock.advance(80 * MINUTE - Duration::from_millis(1));
    assert_eq!(world.ask(), (0, 1));
    world.clock.advance(Duration::from_millis(1));
    assert_eq!(world.ask(), (1, 1));
}

#[test]
fn lifetime_and_margin_are_options() {
    let minutes = |n: u64| (n * 60_000).to_string();
    // Lifetime, margin, minute of the renewal.
    for (lifetime, margin, due) in [(60, 5, 55), (120, 0, 120), (10, 60, 5)] {
        let more = [("token.lifetime_ms", &*minutes(lifetime)), ("token.renew_before_ms", &*minutes(margin))];
        let world = World::new(&more, |_| None);
        world.clock.advance(due * MINUTE - Duration::from_millis(1));
        assert_eq!(world.ask(), (0, 1), "{lifetime} {margin}");
        world.clock.advance(Duration::from_millis(1));
        assert_eq!(world.ask(), (1, 1), "{lifetime} {margin}");
    }
    // Unknown: the server's 401 says when.
    let world = World::new(&[("token.lifetime_ms", "0")], |_| None);
    assert_eq!(world.client.session.expires_in(), None);
    world.pass(119 * MINUTE);
    assert_eq!(world.ask(), (0, 1));
    world.pass(2 * MINUTE);
    assert_eq!(world.ask(), (1, 2));
}

#[test]
fn the_servers_401_overrules_the_clock() {
    let world = World::new(&[], |_| None);
    world.pass(MINUTE);
    world.sandbox.revoke_tokens();
    assert_eq!(world.ask(), (1, 2));
    assert_eq!(world.client.session.expires_in(), Some(120 * MINUTE));
}

#[test]
fn a_token_that_lives_outlasts_a_renewal_that_fails() {
    let world = World::new(&[], |_| None);
    world.pass(111 * MINUTE);
    world.sandbox.respond("POST", LOGIN_PATH, Canned::status(503).times(1));
    assert_eq!(world.ask(), (1, 1));
    assert_eq!(world.ask(), (0, 1), "the service is left in peace for a while");
    world.pass(MINUTE);
    assert_eq!(world.ask(), (1, 1), "then it is tried again");
    // When it is dead, the reason comes out.
    world.pass(121 * MINUTE);
    world.sandbox.respond("POST", LOGIN_PATH, Canned::status(503).times(1));
    let failed = world.get();
    assert!(failed.error.unwrap().message.contains("503"));
    assert_eq!(counts(&world.sandbox), (1, 0));
}

#[test]
fn a_token_that_lives_outlasts_a_password_that_changed() {
    let world = World::new(&[], |_| None);
    world.sandbox.set_password(ADA.0, "changed meanwhile");
    world.pass(111 * MINUTE);
    assert_eq!(world.ask(), (1, 1));
    assert_eq!(world.ask(), (0, 1), "the refusal is remembered");
    world.pass(10 * MINUTE);
    let failed = world.get();
    assert!(failed.error.unwrap().message.contains("refused the login"));
    assert_eq!(counts(&world.sandbox), (0, 1));
}

#[test]
fn without_the_password_an_old_token_is_still_tried() {
    let world = World::new(&[("keep_password", "0")], |_| None);
    world.pass(115 * MINUTE);
    assert_eq!(world.ask(), (0, 1));
    // By our clock it is dead, but only the server knows.
    world.clock.advance(10 * MINUTE);
    assert_eq!(world.ask(), (0, 1));
    assert!(world.clock.now() > 120 * MINUTE);
}
