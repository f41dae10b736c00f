# frozen_string_literal: true

require_relative "helper"
require_relative "support/select_scheduler"

# Tokens that the program supplies, asked for by requests that are sent, and by those that are started.
class TestTokens < SandboxTest
  Locked = Class.new(StandardError)
  TOKEN = "tok-7d1c"

  def with(source, &) = Crux.token("custom", source, base_url: BASE, &)

  # One that is refused, then the right one.
  def stale(asked)
    lambda do |refused|
      asked << refused
      refused ? TOKEN : "stale"
    end
  end

  def in_a_scheduler
    Thread.new do
      Thread.current.report_on_exception = false
      Fiber.set_scheduler(SelectScheduler.new)
      Fiber.schedule { yield }
    end.join
  end

  WAYS = {
    sent: ->(client) { client.get("things/1/") },
    started: ->(client) { client.get("things/1/", progress: ->(*) {}) },
    streamed: ->(client) { client.stream("GET", "things/1/", &:itself) },
    awaited: ->(client) { client.wait(client.post("jobs/", json: {})) { |percent, _| percent } }
  }.freeze

  def test_token_source
    WAYS.each do |name, way|
      asked = []
      with(stale(asked)) { |client| 2.times { assert_equal 200, way.call(client).status, name } }
      assert_equal [nil, "stale"], asked, name
    end
  end

  def test_fibers_share_a_token_that_is_fetched_in_one
    asked = []
    statuses = []
    slept = ->(refused) { sleep(0.05) && stale(asked).call(refused) }
    client = with(slept)
    in_a_scheduler { 20.times { |n| Fiber.schedule { statuses << client.get("things/#{n % 7}/").status } } }
    assert_equal [200] * 20, statuses
    assert_equal [nil, "stale"], asked
  ensure
    client&.close
  end

  def test_token_source_throws
    late = ->(refused) { refused ? raise(Locked) : "stale" }
    [->(_) { raise Locked }, late].each do |source|
      WAYS.each_value do |way|
        with(source) { |client| 2.times { assert_raises(Locked) { way.call(client) } } }
      end
      client = with(source)
      errors = []
      in_a_scheduler { 5.times { Fiber.schedule { client.get("things/1/") rescue errors << $!.class } } }
      assert_equal [Locked] * 5, errors
      client.close
    end
  end

  def test_threads_share_what_a_source_raises
    entered = Queue.new
    go = Queue.new
    source = ->(_) { entered << 1 && go.pop && raise(Locked) }
    with(source) do |client|
      threads = Array.new(5) { Thread.new { client.get("things/1/") rescue $!.class } }
      entered.pop
      5.times { go << 1 }
      assert_equal [Locked], threads.map(&:value).uniq
    end
  end

  def test_a_source_gives_what_is_no_token
    wrong = { nil => Crux::AuthError, "" => Crux::AuthError, 7 => TypeError, "\xff" => Crux::InvalidArgumentError,
              "x" * (1 << 22) => Crux::InvalidArgumentError }
    wrong.each do |token, error|
      WAYS.each_value { |way| with(->(_) { token }) { |client| assert_raises(error) { way.call(client) } } }
    end
    assert_raises(FiberError) { with(->(_) { Fiber.yield }) { |client| Fiber.new { client.get("things/1/") }.resume } }
    assert_raises(TypeError) { with(7) }
  end

  def test_a_source_that_waits_stops_no_thread_and_is_ended
    [WAYS[:sent], WAYS[:started]].each do |way|
      entered = false
      source = ->(_) { (entered = true) && sleep }
      client = with(source)
      assert_ends(ready: -> { entered }) { way.call(client) }
      assert_equal 200, self.client.get("things/0/").status
      client.close
    end
  end

  def test_a_source_may_exit
    [WAYS[:sent], WAYS[:started]].each do |way|
      with(->(_) { exit }) { |client| assert_raises(SystemExit) { way.call(client) } }
    end
  end

  def test_clients_with_sources_are_collected
    before = ObjectSpace.each_object(Crux::Client).count
    20.times { |n| with(->(_) { n && TOKEN }).get("things/0/") }
    GC.start
    GC.compact
    assert_operator ObjectSpace.each_object(Crux::Client).count, :<=, before + 5
  end
end
