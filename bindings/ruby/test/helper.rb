# frozen_string_literal: true

require "libcrux"
require "minitest/autorun"
require "net/http"
require "stringio"
require "tempfile"
require "tmpdir"

require_relative "support/sandbox"
require_relative "support/verdict"

BASE, USER, PASSWORD = ENV.values_at("CRUX_BASE", "CRUX_USER", "CRUX_PASSWORD")
CASES = JSON.parse(File.read(ENV.fetch("CRUX_CASES")))

# A test that talks to the sandbox.
class SandboxTest < Minitest::Test
  # What ends a thread from outside in these tests.
  Stop = Class.new(StandardError)

  def setup = Sandbox.forget

  def teardown
    Sandbox.forget
    @client&.close
  end

  # The client of this test.
  def client = @client ||= Crux.login("custom", USER, PASSWORD, base_url: BASE)

  def assert_within(seconds)
    before = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    result = yield
    took = Process.clock_gettime(Process::CLOCK_MONOTONIC) - before
    assert_operator took, :<, seconds
    result
  end

  # Waits for a condition that must come true.
  def await(what = "the condition", seconds: 5)
    give_up = Process.clock_gettime(Process::CLOCK_MONOTONIC) + seconds
    until yield
      flunk "#{what} did not come true" if Process.clock_gettime(Process::CLOCK_MONOTONIC) > give_up
      sleep 0.005
    end
  end

  # Runs a block in a thread, ends it once it waits, and checks that this takes less than 300 ms.
  def assert_ends(end_by = ->(thread) { thread.raise(Stop) }, error: Stop, ready: nil, &block)
    thread = Thread.new(&block)
    thread.report_on_exception = false
    await("a wait") { thread.stop? }
    await("what was to be cancelled", &ready) if ready
    assert thread.alive?, "it ended before it was cancelled"
    assert_within(0.3) do
      end_by.call(thread)
      assert_raises(error) { thread.value }
    end
  end

  # Runs a program with this gem in another Ruby; returns what it printed and its status.
  def run_ruby(program, *options, env: {})
    paths = $LOAD_PATH.grep(%r{bindings/ruby|languages/ruby}).map { |path| "-I#{path}" }
    output = IO.popen([env, RbConfig.ruby, *paths, *options, "-e", program, err: %i[child out]], &:read)
    [output, $?]
  end
end
