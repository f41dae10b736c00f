# frozen_string_literal: true

require_relative "helper"

# What waits is ended from outside within 300 ms, by whatever Ruby ends a thread with.
class TestCancel < SandboxTest
  def under_way = -> { client.facts["under_way"].positive? }

  def test_cancel_request
    client
    assert_ends { client.get("slow/") }
    assert_ends(->(thread) { client.cancel && thread }, error: Crux::CancelledError, ready: under_way) { client.get("slow/") }
    assert_ends(->(thread) { client.close && thread }, error: Crux::CancelledError, ready: under_way) { client.get("slow/") }
  end

  def test_cancel_login
    Sandbox.answer("/login", body: { token: "x" }, delay_ms: 5000)
    assert_ends { Crux.login("custom", USER, PASSWORD, base_url: BASE) }
  end

  def test_cancel_job
    Sandbox.answer("/endless/", status: 202, body: { value: "/endless/progress/" })
    Sandbox.answer("/endless/progress/", body: { value: { progress: 10, message: "working" } })
    accepted = client.post("endless/", json: {})
    assert_ends(ready: under_way) { client.post("endless/", json: {}, wait: true) }
    assert_ends { client.wait(accepted) }
    percent = nil
    assert_ends(ready: -> { percent == 10 }) { client.wait(accepted) { |done, _| percent = done } }
    [0.05, 0].each { |seconds| assert_raises(Crux::TimeoutError) { client.wait(accepted, timeout: seconds) } }
  end

  def test_cancel_page
    Sandbox.answer("/list/", body: { results: [1], next: "/slow/" })
    pages = client.pages("list/")
    seen = 0
    assert_ends(ready: -> { seen == 1 && under_way.call }) { pages.each { seen += 1 } }
  end

  def test_cancel_download
    Dir.mktmpdir do |folder|
      target = File.join(folder, "endless")
      received = 0
      assert_ends(ready: -> { received.positive? }) do
        client.download("drip/100000000", target) { |done, _| received = done }
      end
      refute File.exist?(target)
    end
  end

  def test_a_stream_is_ended
    stream = client.stream("GET", "drip/100000000")
    assert_ends { stream.each { |piece| piece } }
  end

  def test_a_stream_is_closed_while_another_thread_reads
    stream = client.stream("GET", "drip/100000000")
    read = 0
    close = ->(_) { stream.close }
    assert_ends(close, error: IOError, ready: -> { read.positive? }) { stream.each { |piece| read += piece.bytesize } }
    assert_equal 200, stream.status
    assert_equal 0, client.facts["under_way"]
  end

  def test_a_client_is_closed_while_a_job_is_awaited
    Sandbox.answer("/endless/", status: 202, body: { value: "/endless/progress/" })
    Sandbox.answer("/endless/progress/", body: { value: { progress: 10, message: "working" } })
    accepted = client.post("endless/", json: {})
    assert_ends(->(_) { client.close }, error: Crux::CancelledError, ready: under_way) { client.wait(accepted) }
  end

  def test_timeout_ends_what_waits
    assert_within(0.5) do
      assert_raises(Timeout::Error) { Timeout.timeout(0.2) { client.get("slow/") } }
    end
    assert_equal 200, client.get("things/0/").status
  end

  def test_kill_ends_what_waits
    client
    thread = Thread.new { client.get("slow/") }
    await("the request", &under_way)
    assert_within(0.3) { thread.kill.join }
    await("the end of the request") { client.facts["under_way"].zero? }
  end

  def test_a_deferred_exception_waits_for_the_end_of_the_block
    Sandbox.answer("/brief/", body: {}, delay_ms: 400)
    client
    finished = false
    thread = Thread.new do
      Thread.handle_interrupt(Stop => :never) { finished = client.get("brief/").status == 200 }
    end
    thread.report_on_exception = false
    await("the request", &under_way)
    thread.raise(Stop)
    assert_raises(Stop) { thread.value }
    assert finished
  end

  def test_ctrl_c_ends_the_program
    program = <<~RUBY
      client = Crux.login("custom", *ENV.values_at("CRUX_USER", "CRUX_PASSWORD"), base_url: ENV["CRUX_BASE"])
      Thread.new do
        sleep 0.005 until client.facts["under_way"].positive?
        $before = Process.clock_gettime(Process::CLOCK_MONOTONIC)
        Process.kill("INT", $$)
      end
      begin
        client.get("slow/")
      rescue Interrupt
        puts Process.clock_gettime(Process::CLOCK_MONOTONIC) - $before < 0.3
      end
    RUBY
    assert_equal "true\n", run_ruby(program, "-rlibcrux").first
  end

  # A single thread: no timer of Ruby runs, and the signal itself must do.
  def test_ctrl_c_from_another_process_ends_the_only_thread
    program = <<~RUBY
      client = Crux.login("custom", *ENV.values_at("CRUX_USER", "CRUX_PASSWORD"), base_url: ENV["CRUX_BASE"])
      $stdout.sync = true
      puts "ready"
      begin
        client.get("slow/")
      rescue Interrupt
        puts "interrupted"
      end
    RUBY
    paths = $LOAD_PATH.grep(%r{bindings/ruby|languages/ruby}).map { |path| "-I#{path}" }
    IO.popen([RbConfig.ruby, *paths, "-rlibcrux", "-e", program]) do |child|
      assert_equal "ready\n", child.gets
      await("its wait") { File.read("/proc/#{child.pid}/status")[/^State:\s+(\w)/, 1] == "S" }
      assert_within(0.3) do
        Process.kill("INT", child.pid)
        assert_equal "interrupted\n", child.gets
      end
    end
  end

  def test_a_signal_that_is_trapped_ends_nothing
    program = <<~RUBY
      client = Crux.login("custom", *ENV.values_at("CRUX_USER", "CRUX_PASSWORD"), base_url: ENV["CRUX_BASE"])
      caught = 0
      trap("USR1") { caught += 1 }
      Thread.new do
        sleep 0.005 until client.facts["under_way"].positive?
        3.times { |n| Process.kill("USR1", $$); sleep 0.005 until caught > n }
      end
      client.get("slow/", timeout_total_ms: 1000)
    rescue Crux::TimeoutError
      puts caught
    RUBY
    assert_equal "3\n", run_ruby("begin\n#{program}end", "-rlibcrux").first
  end
end
