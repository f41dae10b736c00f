//! Servers, proxies and clients as they are in the world, from Debian and PyPI. Each test starts what it needs on a free
//! port and ends it. What is missing is named; .ci/setup installs it.

mod api_server;
mod crunch_clients;
mod forward_proxy;
mod started;
mod web_server;
