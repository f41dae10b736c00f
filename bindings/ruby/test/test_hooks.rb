# frozen_string_literal: true

require_relative "helper"
require "logger"

# Code of the program that the library calls: progress and log.
class TestHooks < SandboxTest
  def download(&)
    Dir.mktmpdir do |folder|
      client.download("files/out.bin", File.join(folder, "file"), &)
    ensure
      refute File.exist?(File.join(folder, "file"))
    end
  end

  def test_progress_throws
    error = assert_raises(RuntimeError) { download { raise "enough" } }
    assert_equal "enough", error.message
    assert_match(/test_hooks/, error.backtrace.first)
    assert_equal 200, client.get("things/0/").status
  end

  def test_progress_may_leave_in_any_way
    assert_equal(5, download { break 5 })
    assert_equal(6, catch(:enough) { download { throw :enough, 6 } })
    assert_raises(SystemExit) { download { exit } }
    assert_equal 7, return_from_progress
    assert_equal 200, client.get("things/0/").status
  end

  def return_from_progress = download { return 7 }

  def test_progress_may_use_the_client
    names = []
    client.post("echo/", json: {}, progress: ->(*) { names << client.get("things/1/").json["name"] })
    assert_equal ["Bluse"], names.uniq
  end

  def test_progress_may_switch_fibers
    Dir.mktmpdir do |folder|
      received = Enumerator.new do |yielder|
        client.download("files/out.bin", File.join(folder, "file")) { |done, _| yielder << done }
      end
      assert_equal 0, received.next
      assert_equal 200, client.get("things/0/").status
      assert_equal 1 << 20, received.next
      assert_raises(StopIteration) { received.next }
    end
  end

  def log(logger, **options)
    Crux.token("custom", "tok-7d1c", base_url: BASE, logger: logger, **options) { |client| client.get("things/0/").status }
  end

  def test_log
    lines = StringIO.new
    log(Logger.new(lines, level: Logger::DEBUG))
    assert_match(/DEBUG -- libcrux: .*things/, lines.string)
    quiet = StringIO.new
    log(Logger.new(quiet, level: Logger::WARN))
    assert_empty quiet.string
    called = []
    log(->(severity, line) { called << [severity, line] }, log_level: 5)
    refute_empty called
    assert(called.all? { |severity, line| (0..3).cover?(severity) && line.encoding == Encoding::UTF_8 && line !~ /\n/ })
  end

  def test_log_throws
    _, warned = capture_io do
      assert_equal 200, log(->(*) { raise "no paper" }, log_level: 5)
    end
    assert_match(/the logger failed: RuntimeError/, warned)
  end

  def test_log_may_use_its_client
    held = nil
    statuses = []
    logger = ->(*) { statuses << held.get("things/1/").status if held && statuses.empty? }
    held = Crux.token("custom", "tok-7d1c", base_url: BASE, logger: logger, log_level: 5)
    held.get("things/0/")
    assert_equal [200], statuses
    held.close
  end

  def test_a_logger_lives_as_long_as_what_logs
    before = ObjectSpace.each_object(Crux::Client).count
    lines = []
    clients = Array.new(20) { |n| Crux.token("custom", "tok-7d1c", base_url: BASE, log_level: 5, logger: ->(*) { lines << n }) }
    GC.start
    GC.compact
    clients.each { |one| one.get("things/0/") }
    assert_equal (0..19).to_a, lines.uniq
    clients.each(&:close).clear
    GC.start
    assert_operator ObjectSpace.each_object(Crux::Client).count, :<=, before + 20
  end
end
