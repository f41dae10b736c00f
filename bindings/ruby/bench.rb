# What a small GET costs beside Net::HTTP, in microseconds of the client's CPU: bench.rb [ROUNDS]. Both sides are
# interruptible, read the body and decode its JSON; each keeps its connections. To be run inside of the sandbox, which
# sets CRUX_BASE, CRUX_USER and CRUX_PASSWORD.
require "json"
require "libcrux"
require "net/http"

BASE, USER, PASSWORD = ENV.values_at("CRUX_BASE", "CRUX_USER", "CRUX_PASSWORD")
ROUNDS = Integer(ARGV.fetch(0, 2000))
CLIENT = Crux.login("custom", USER, PASSWORD, base_url: BASE)
PLACE = URI.join(BASE, "things/0/")
HEADERS = { "Authorization" => "Bearer #{CLIENT.token}", "Accept" => "application/json" }.freeze

def by_crux(count) = count.times { CLIENT.get("things/0/").json.fetch("name") }

def by_net_http(count)
  Net::HTTP.start(PLACE.host, PLACE.port) do |http|
    count.times { JSON.parse(http.get(PLACE.path, HEADERS).body).fetch("name") }
  end
end

def at_once(threads, count) = Array.new(threads) { Thread.new { yield count / threads } }.each(&:join)

# The best of five runs.
def cost
  5.times.map do
    GC.start
    before = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
    yield
    (Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) - before) * 1e6 / ROUNDS
  end.min
end

{ 1 => [-> { by_crux(ROUNDS) }, -> { by_net_http(ROUNDS) }],
  100 => [-> { at_once(100, ROUNDS) { |n| by_crux(n) } }, -> { at_once(100, ROUNDS) { |n| by_net_http(n) } }] }
  .each do |in_flight, sides|
  crux, net_http = sides.map { |side| side.call && cost(&side) }
  puts format("%<n>3d in flight: libcrux %<crux>.1f us, Net::HTTP %<net>.1f us, ratio %<ratio>.2f",
              n: in_flight, crux: crux, net: net_http, ratio: crux / net_http)
end
