//! Calls in the background. What needs no thread has none: its request goes out at once, and one thread waits for all such
//! responses.

use std::sync::{Arc, Weak};

use crate::call::Call;
use crate::call::run::Plan;
use crate::client::Client;
use crate::client::finished::Started;
use crate::client::running::{Reachable, Running};
use crate::client::workers::{Place, Turn};
use crate::error::Error;
use crate::log;
use crate::response::Response;
use crate::send::hop::Begun;
use crate::send::request::{Finished, Want};
use crate::transport::http::departed::Come;

/// Starts a call. `register` makes the response known before anything happens to it.
pub fn start(call: Call, running: Option<&Running>, register: impl FnOnce(&Arc<Response>)) {
    let client = call.client.clone();
    let want = if call.settings().streams { Want::Stream } else { Want::Buffer };
    let (plan, ticker) = match Plan::new(call, want, true) {
        Ok(plan) => plan,
        Err(error) => return refuse(client, error, register),
    };
    let exchange = plan.exchange.clone();
    let pending = Response::pending(Some(client.clone()), exchange.clone(), plan.asked());
    let response = Arc::new(pending.started(want, ticker));
    register(&response);
    client.finished.begin();
    // Within reach of a cancel from now on, not only once a thread has come to it.
    let within_reach = (running.map(|running| running.enter(&exchange)), client.running.enter(&exchange));
    let background = Background { plan, response: response.clone(), within_reach };
    let Some(background) = background.send_at_once() else { return };
    let started = client.workers.run(exchange.deadline, move |turn| match turn {
        Turn::Run => background.run(None),
        Turn::Expired => background.expire(),
    });
    let number = match started {
        Ok(number) => number,
        Err(error) => return Finisher(response).with(Finished::failed(error)),
    };
    let (workers, waiting) = (Arc::downgrade(&client), Arc::downgrade(&response));
    exchange.when_cancelled(move || {
        if let (Some(client), Some(response)) = (workers.upgrade(), waiting.upgrade())
            && client.workers.withdraw(number)
        {
            Finisher(response).with(Finished::failed(Error::cancelled()));
        }
    });
}

/// Ends a call that cannot be sent; the client's queue brings it as any other.
pub fn refuse(client: Arc<Client>, error: Error, register: impl FnOnce(&Arc<Response>)) {
    let response = Response::failed(Some(client.clone()), error);
    register(&response);
    client.finished.begin();
    drop(Finisher(response));
}

/// A call that runs while its caller goes on.
struct Background {
    plan: Plan,
    response: Arc<Response>,
    within_reach: (Option<Reachable>, Reachable),
}

impl Background {
    /// Sends the request now and lets go of it until its response comes; gives the call back if that cannot be.
    fn send_at_once(self) -> Option<Background> {
        let client = self.plan.client.clone();
        let place = if self.plan.is_plain() { client.place() } else { None };
        // What has gone out could only be waited for here, if the system then refused a thread.
        let Some(place) = place.filter(|_| client.waiting.is_ready()) else { return Some(self) };
        let (begun, lines) = log::put_aside_all(|| self.plan.begin());
        lines.into_iter().for_each(|lines| self.response.put_aside(lines));
        let Some(begun) = begun else { return Some(self) };
        let ends = Finisher(self.response.clone());
        Flight { background: self, begun, place, ends }.wait();
        None
    }

    fn run(self, begun: Option<Begun>) {
        let Background { plan, response, within_reach } = self;
        let finisher = Finisher(response);
        let (mut finished, lines) = log::put_aside(|| plan.run(begun));
        finisher.0.put_aside(lines);
        let stream = finished.stream.take();
        let response = finisher.0.clone();
        // Out of reach before its end is told: a cancel that follows is for the next request.
        match stream {
            Some(stream) => {
                response.reads_ahead();
                finisher.with(finished);
                response.fill(*stream, within_reach);
            }
            None => {
                drop(within_reach);
                finisher.with(finished);
            }
        }
    }

    /// No thread came to it in its time.
    fn expire(self) {
        let Background { plan, response, within_reach } = self;
        drop(within_reach);
        let elapsed = plan.exchange.begun.elapsed();
        let late = Finished::failed(Error::total_timeout(plan.exchange.limits.total));
        Finisher(response).with(Finished { elapsed, ..late });
    }
}

/// A call whose request has gone out.
struct Flight {
    background: Background,
    begun: Begun,
    place: Place,
    /// For a panic of the thread that waits.
    ends: Finisher,
}

impl Flight {
    /// Waits with the others of its client; by itself if that cannot be.
    fn wait(self) {
        let Some((socket, until)) = self.begun.departed.awaited() else { return self.go_on() };
        let client = self.background.plan.client.clone();
        client.waiting.park(socket, until, move |parked| if parked { self.look() } else { self.go_on() });
    }

    /// Ends the call if that needs no wait.
    fn look(mut self) {
        match self.begun.departed.look() {
            Come::Nothing => self.wait(),
            Come::Whole(200..300) | Come::Over => self.background.run(Some(self.begun)),
            _ => self.go_on(),
        }
    }

    fn go_on(self) {
        let Flight { background, begun, place, ends } = self;
        place.run(move || {
            background.run(Some(begun));
            drop(ends);
        });
    }
}

/// Finishes a response, whatever happens to the thread that works on it, and tells its client.
struct Finisher(Arc<Response>);

impl Finisher {
    fn with(self, finished: Finished) {
        self.0.finish(finished);
    }
}

impl Drop for Finisher {
    fn drop(&mut self) {
        if self.0.finished().is_none() {
            self.0.finish(Finished::failed(Error::fault()));
        }
        if let Some(client) = self.0.announce() {
            let started: Arc<dyn Started> = self.0.clone();
            let weak: Weak<dyn Started> = Arc::downgrade(&started);
            client.finished.push(weak);
        }
    }
}
