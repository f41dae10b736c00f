# frozen_string_literal: true

require_relative "helper"
require_relative "support/select_scheduler"

# Threads, fibers and Ractors.
class TestConcurrency < SandboxTest
  def test_threads
    client
    slow = Thread.new { client.get("slow/", timeout_total_ms: 1000) }
    slow.report_on_exception = false
    await("the slow request") { client.facts["under_way"].positive? }
    counted = 0
    names = Array.new(2) do |n|
      Thread.new { 20.times.map { counted += 1 and client.get("things/#{n}/").json["name"] }.uniq }
    end
    assert_equal [["Ärmel \"0\""], ["Bluse"]], names.map(&:value)
    assert slow.alive?, "the slow request stopped the others"
    assert_raises(Crux::TimeoutError) { slow.value }
    assert_equal 40, counted
  end

  def test_hundred_at_once
    client
    statuses = Array.new(100) { |n| Thread.new { client.get("things/#{n % 7}/").status } }.map(&:value)
    assert_equal [200] * 100, statuses
  end

  def test_no_thread_is_made_for_a_request
    client.get("things/0/")
    tasks = -> { Dir.children("/proc/self/task").sort }
    before = tasks.call
    5.times { client.get("things/0/") }
    # One that an earlier test has left may end meanwhile.
    assert_empty tasks.call - before
  end

  # Runs a block in a fiber of a scheduler, and returns what it does.
  def in_a_scheduler(&block)
    result = nil
    thread = Thread.new do
      Fiber.set_scheduler(SelectScheduler.new)
      Fiber.schedule { result = block.call }
    end
    thread.report_on_exception = false
    thread.join
    result
  end

  def test_hundred_fibers_wait_for_one_descriptor
    client.get("things/0/")
    statuses = []
    descriptors = -> { Dir["/proc/self/fd/*"].count { |fd| File.symlink?(fd) && File.readlink(fd).match?(/eventfd|pipe/) } }
    most = 0
    before = descriptors.call
    in_a_scheduler do
      100.times { |n| Fiber.schedule { statuses << client.get("things/#{n % 7}/").status } }
      most = descriptors.call
    end
    assert_equal [200] * 100, statuses
    # The client's event and the scheduler's own pipe: no descriptor for each request.
    assert_operator most - before, :<=, 8
  end

  def test_a_fiber_that_waits_stops_no_other
    client
    order = []
    in_a_scheduler do
      Fiber.schedule { (client.get("slow/", timeout_total_ms: 500) rescue nil) && 0 || order << :slow }
      Fiber.schedule { client.get("things/0/") && order << :quick }
      Fiber.schedule { sleep(0.1) && order << :slept }
    end
    assert_equal %i[quick slept slow], order
  end

  def test_fibers_do_all_that_threads_do
    client
    Dir.mktmpdir do |folder|
      told = nil
      results = in_a_scheduler do
        [client.pages("things/", query: { limit: 3 }).map { |page| page.json["results"].size },
         client.post("jobs/", json: {}, wait: true).json["value"]["progress"],
         client.wait(client.post("jobs/", json: {})).json["value"]["progress"],
         client.download("files/out.bin", File.join(folder, "a")) { |received, _| told = received }.status,
         client.stream("GET", "files/out.bin").sum(&:bytesize),
         client.post("echo/", body: %w[a b].each).json["body"],
         client.upload("upload/", StringIO.new("abc"), filename: "x").json["size"],
         Crux.login("custom", USER, PASSWORD, base_url: BASE) { |other| other.get("things/1/").json["name"] },
         (client.get("things/999/") rescue $!.class)]
      end
      assert_equal [[3, 3, 1], 100, 100, 200, 1 << 20, "ab", 3, "Bluse", Crux::HTTPError], results
      assert_equal 1 << 20, told
    end
  end

  def test_timeout_ends_a_fiber_that_waits
    client
    error = assert_within(1) do
      in_a_scheduler do
        Timeout.timeout(0.2) { client.get("slow/") }
      rescue Timeout::Error => e
        e
      end
    end
    assert_kind_of Timeout::Error, error
    await("the end of the request") { client.facts["under_way"].zero? }
  end

  def test_a_client_is_closed_while_fibers_wait
    client
    error = assert_within(1) do
      in_a_scheduler do
        seen = nil
        Fiber.schedule { client.get("slow/") rescue seen = $! }
        Fiber.schedule { sleep(0.05) && client.close }
        sleep 0.3
        seen
      end
    end
    assert_kind_of Crux::CancelledError, error
  end

  def test_each_ractor_has_its_own_client
    program = <<~RUBY
      ractors = 3.times.map do |n|
        Ractor.new(n, ENV["CRUX_BASE"], *ENV.values_at("CRUX_USER", "CRUX_PASSWORD")) do |n, base, user, password|
          Crux.login("custom", user, password, base_url: base) { |client| client.get("things/\#{n}/").json["id"] }
        end
      end
      p ractors.map(&:take)
    RUBY
    output, status = run_ruby(program, "-W:no-experimental", "-rlibcrux")
    assert_equal "[0, 1, 2]\n", output
    assert_predicate status, :success?
  end

  def test_ractors_share_no_regexp
    program = <<~RUBY
      ractors = 3.times.map do
        Ractor.new(ENV["CRUX_BASE"]) do |base|
          users = ["\u00e4", "\u00e4".encode("ISO-8859-1")]
          1000.times { |n| Crux.anonymous("custom", base_url: base, user: users[n % 2], secret: "x", login_when: "first_use").close }
          :done
        end
      end
      p ractors.map(&:take)
    RUBY
    output, status = run_ruby(program, "-W:no-experimental", "-rlibcrux")
    assert_equal "[:done, :done, :done]\n", output
    assert_predicate status, :success?
  end

  def test_a_client_does_not_go_to_another_ractor
    program = <<~RUBY
      client = Crux.anonymous("custom", base_url: ENV["CRUX_BASE"])
      begin
        Ractor.new(client) { |client| client.get("echo/") }
      rescue TypeError => error
        puts error.message
      end
    RUBY
    output, = run_ruby(program, "-W:no-experimental", "-rlibcrux")
    assert_equal "A client cannot be copied; each Ractor makes its own.\n", output
  end
end
