//! One request on one connection: out it goes, in comes the response; nothing is decided here.

pub mod attempt;
pub mod buffers;
pub mod counters;
pub mod exchange;
pub mod foreign;
pub mod head;
pub mod http;
pub mod limits;
pub mod net;
pub mod ticker;
pub mod tls;

pub use self::http::{HttpResponse, Message, Transport};
