//! Requests of the soak, each with a payload of its own, and whether its echo is right.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use support::*;

/// How many calls of the queue one thread starts before it takes one that has finished.
const AHEAD: usize = 8;
const METHODS: [&str; 4] = ["GET", "POST", "PUT", "POST"];

/// What became of all requests.
#[derive(Default)]
pub struct Tally {
    pub right: AtomicUsize,
    pub failed: AtomicUsize,
    pub wrong: Mutex<Vec<String>>,
}

impl Tally {
    pub fn wrong(&self, why: String) {
        self.wrong.lock().unwrap().push(why);
    }

    /// Judges a response: right, or a fault that the server may have had.
    fn judge(&self, number: usize, response: &Response) {
        match response.code() {
            CRUX_OK if response.body() == echo(number).as_bytes() => self.right.fetch_add(1, SeqCst),
            CRUX_OK => {
                self.wrong(format!("request {number} got another one's echo"));
                0
            }
            CRUX_ERR_IO | CRUX_ERR_TIMEOUT => self.failed.fetch_add(1, SeqCst),
            CRUX_ERR_HTTP if response.status() == 503 => self.failed.fetch_add(1, SeqCst),
            _ => {
                self.wrong(format!("request {number}: {}", response.message()));
                0
            }
        };
    }
}

fn method(number: usize) -> &'static str {
    METHODS[number % METHODS.len()]
}

fn payload(number: usize) -> Option<String> {
    (method(number) != "GET").then(|| format!("{number}-").repeat(1 + number * 31 % 400))
}

fn echo(number: usize) -> String {
    format!("{} /echo/{number} {}", method(number), payload(number).unwrap_or_default())
}

fn send(client: &Client, number: usize) -> Response {
    client.request(method(number), &format!("echo/{number}"), payload(number).as_deref())
}

/// Sends one request and waits for it.
pub fn one(client: &Client, number: usize, tally: &Tally) {
    tally.judge(number, &send(client, number));
}

/// Started calls of a client, by the handle with which they come back.
pub struct Queue<'a> {
    client: &'a Client,
    under_way: Mutex<HashMap<usize, (usize, Response)>>,
}

impl Queue<'_> {
    pub fn of(client: &Client) -> Queue<'_> {
        Queue { client, under_way: Mutex::default() }
    }

    /// Starts a call; takes one that has finished, of this thread or another, if many are under way.
    pub fn one(&self, number: usize, tally: &Tally) {
        let call = self.client.call(method(number), &format!("echo/{number}"));
        if let Some(payload) = payload(number) {
            call.body(payload.as_bytes(), None);
        }
        let many = {
            // It may finish before it is noted, and another thread may get it.
            let mut under_way = self.under_way.lock().unwrap();
            let started = call.start();
            under_way.insert(started.0.addr(), (number, started));
            under_way.len() > AHEAD
        };
        if many {
            self.take(tally);
        }
    }

    fn take(&self, tally: &Tally) {
        let finished = unsafe { crux_next_finished(self.client.0, 30_000) };
        match self.under_way.lock().unwrap().remove(&finished.addr()) {
            Some((number, response)) => tally.judge(number, &response),
            None if finished.is_null() => {}
            None => tally.wrong("a handle that was never started, or came back twice".to_owned()),
        }
    }

    /// Takes all that are still under way.
    pub fn drain(&self, tally: &Tally) {
        let rest = self.under_way.lock().unwrap().len();
        (0..rest).for_each(|_| self.take(tally));
        let lost = self.under_way.lock().unwrap().len();
        if lost > 0 {
            tally.wrong(format!("{lost} started calls never came back"));
        }
    }
}

/// What a forked child does: a request on each of its parent's clients, both right or failed by the server.
pub fn in_child(clients: &[Client], number: usize) {
    for (index, client) in clients.iter().enumerate() {
        let number = number + index;
        let response = send(client, number);
        let fault = matches!(response.code(), CRUX_ERR_IO | CRUX_ERR_TIMEOUT) || response.status() == 503;
        assert!(fault || response.body() == echo(number).as_bytes(), "{}", response.message());
    }
}
