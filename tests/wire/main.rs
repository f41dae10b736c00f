//! One request on the wire: what is sent, what is believed, how long it may take, and who may be trusted.

mod background;
mod bounds;
mod cancel;
mod causes;
mod chunks;
mod heads;
mod injection;
mod long_bodies;
mod names;
mod oddities;
mod proxy;
mod proxy_faults;
mod queue;
mod retry;
mod source;
mod stream;
mod threads;
mod ticks;
mod tls;
mod upload;
