# frozen_string_literal: true

require_relative "helper"
require "logger"

# The collector at its worst.
class TestCollector < SandboxTest
  # All that a client does, with everything that Ruby keeps for it.
  def use(folder, logger)
    Crux.login("custom", USER, PASSWORD, base_url: BASE, logger: logger, log_level: 5) do |client|
      response = client.get("things/", query: { limit: 3 }, headers: { "X-A" => "b" })
      assert_equal "Ärmel \"0\"", response.json["results"][0]["name"]
      assert_equal "Frack", response.follow("./5/").json["name"]
      assert_equal "ab", client.post("echo/", body: %w[a b].each).json["body"]
      client.download("files/out.bin", File.join(folder, "a")) { |received, _| assert_kind_of Integer, received }
      assert_equal 1 << 20, client.stream("GET", "files/out.bin").sum(&:bytesize)
      assert_equal 404, assert_raises(Crux::HTTPError) { client.get("things/999/") }.status
      assert_raises(RuntimeError) { client.get("things/0/", progress: ->(*) { raise "enough" }) }
    end
  end

  def test_stress
    Dir.mktmpdir do |folder|
      GC.stress = true
      use(folder, ->(*) {})
    ensure
      GC.stress = false
    end
  end

  def test_compaction
    Dir.mktmpdir do |folder|
      before = GC.auto_compact
      GC.auto_compact = true
      lines = StringIO.new
      5.times do
        use(folder, Logger.new(lines))
        GC.verify_compaction_references(toward: :empty, double_heap: true)
      end
      refute_empty lines.string
    ensure
      GC.auto_compact = before
    end
  end

  def test_the_collector_runs_in_hooks
    Dir.mktmpdir do |folder|
      client.download("files/out.bin", File.join(folder, "a")) do
        10.times { client.get("things/0/") }
        GC.start
        GC.compact
      end
      client.post("echo/", body: Enumerator.new { |yielder| 3.times { GC.start and yielder << "x" } })
    end
    assert_equal 200, client.get("things/0/").status
  end

  def test_the_collector_knows_how_large_an_answer_is
    require "objspace"
    handle = client.get("bytes/8388608").handle
    assert_operator ObjectSpace.memsize_of(handle), :>, 8_388_608
  end
end
