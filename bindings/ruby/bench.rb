# Compares what a small GET costs through libcrux and through Net::HTTP: a line a turn, for bindings/bench.sh. Each
# request can be interrupted, its body is read and its JSON decoded; both sides keep their connections.
require "json"
require "libcrux"
require "net/http"

BASE, PATH = ENV.values_at("CRUX_BASE", "CRUX_PATH")
CLIENT = Crux.token("custom", "tok-7d1c", base_url: BASE)
PLACE = URI.join(BASE, PATH)
HEADERS = { "Authorization" => "Bearer tok-7d1c", "Accept" => "application/json" }.freeze

def by_crux(count) = count.times { CLIENT.get(PATH).json.fetch("name") }

def by_net_http(count)
  Net::HTTP.start(PLACE.host, PLACE.port) do |http|
    count.times { JSON.parse(http.get(PLACE.path, HEADERS).body).fetch("name") }
  end
end

# Microseconds of CPU of one of so many requests.
def cost(threads, count)
  GC.start
  before = Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID)
  Array.new(threads) { Thread.new { yield count / threads } }.each(&:join)
  (Process.clock_gettime(Process::CLOCK_PROCESS_CPUTIME_ID) - before) * 1e6 / count
end

# MiB in memory once so many requests have been sent.
def memory_after(count)
  by_crux(count)
  File.read("/proc/self/statm").split[1].to_i * 4096.0 / (1 << 20)
end

if ENV["CRUX_LONG"]
  puts format("memory: %.1f MiB after 10000 requests, %.1f after 100000", memory_after(10_000), memory_after(90_000))
  exit
end
{ "one at a time" => 1, "100 at once" => 100 }.each do |name, threads|
  8.times do |turn|
    ours = cost(threads, 2000) { |count| by_crux(count) }
    theirs = cost(threads, 2000) { |count| by_net_http(count) }
    puts format("%s: %.1f against %.1f of Net::HTTP", name, ours, theirs) unless turn.zero? # which warms up
  end
end
