# frozen_string_literal: true

require_relative "helper"
require "pathname"

# Pages, jobs, files and streams.
class TestTransfers < SandboxTest
  def test_pages_left_early
    Sandbox.clear
    client.pages("things/", query: { limit: 3 }).each { break }
    assert_equal 3, client.pages("things/", query: { limit: 3 }).first.json["results"].size
    assert_equal "Bluse", client.items("things/", query: { limit: 3 }).lazy.map { |item| item["name"] }.first(2).last
    assert_equal ["/things/"] * 3, Sandbox.paths.drop(1)
    await("the end of all requests") { client.facts["under_way"].zero? }
  end

  def test_items_of_other_lists
    Sandbox.answer("/array/", body: [1, 2])
    Sandbox.answer("/odd/", body: { count: 1, dresses: ["a"] })
    Sandbox.answer("/catalogue/", body: { index: { "../1/" => { name: "x" } } })
    Sandbox.answer("/none/", body: { count: 0 })
    lists = %w[array odd catalogue none].map { |place| client.items("#{place}/").to_a }
    assert_equal [[1, 2], ["a"], [["../1/", { "name" => "x" }]], []], lists
  end

  def test_wait_later
    accepted = client.post("jobs/", json: {})
    assert_equal 202, accepted.status
    told = []
    done = client.wait(accepted) { |percent, total| told << [percent, total] }
    assert_equal 100, done.json["value"]["progress"]
    assert(told.all? { |percent, total| (0..100).cover?(percent) && total == 100 })
    endless_job
    started = client.post("endless/", json: {})
    assert_raises(Crux::TimeoutError) { assert_within(1.5) { client.wait(started, timeout: 0.3) } }
  end

  def test_a_result_is_followed
    Sandbox.answer("/make/", status: 201, body: { id: 7 }, headers: { location: "/things/3/" })
    assert_equal "Dirndl", client.get(client.post("make/", json: {}).location).json["name"]
    assert_equal "Frack", client.follow(client.get("things/"), "./5/").json["name"]
  end

  def test_upload_file
    in_a_folder do |folder|
      file = File.join(folder, "ä.csv")
      File.write(file, "a,b\n" * 1000)
      told = []
      [file, Pathname(file), File.open(file)].each do |given|
        sent = client.upload("upload/", given, field: "file") { |done, total| told << [done, total] }
        assert_equal ["ä.csv", 4000], sent.json.values_at("name", "size")
      end
      assert_operator told.last[0], :>=, 4000
      assert_equal told.last[1], told.last[0]
      renamed = client.upload("upload/", file, field: "file", filename: "b.csv")
      assert_equal ["b.csv", 4000], renamed.json.values_at("name", "size")
    end
  end

  def test_upload_missing_file
    error = assert_raises(Crux::FileError) { client.upload("upload/", "/no/such/file", field: "file") }
    assert_kind_of IOError, error
  end

  def test_download_into_no_folder
    assert_raises(Crux::FileError) { client.download("files/out.bin", "/no/such/folder/out.bin") }
  end

  def test_stream_left_early
    client.stream("GET", "drip/100000000") { |piece| break refute_empty(piece) }
    assert_equal 0, client.facts["under_way"]
    stream = client.stream("GET", "drip/100000000")
    assert_equal 10, stream.read(10).bytesize
    2.times { stream.close }
    assert_equal [0, 200], [client.facts["under_way"], stream.status]
    assert_nil stream.read(1)
  end

  def test_a_stream_reads_like_an_io
    stream = client.stream("GET", "files/out.bin")
    assert_equal (0..9).to_a, stream.read(10).bytes
    assert_equal [10], stream.readpartial(1).bytes
    target = StringIO.new
    IO.copy_stream(stream, target)
    assert_equal (1 << 20) - 11, target.string.bytesize
    assert_nil stream.read(1)
    assert_equal "", stream.read
    assert_raises(EOFError) { stream.readpartial(1) }
    assert_equal 1 << 20, client.stream("GET", "files/out.bin").sum(&:bytesize)
  end

  def test_a_stream_that_is_refused_is_an_error
    error = assert_raises(Crux::HTTPError) { client.stream("GET", "files/none.bin") }
    assert_equal "Not found.", error.server_message
  end

  def test_stream_up
    pieces = Enumerator.new { |yielder| 3.times { |index| yielder << "piece #{index};" } }
    { pieces => "piece 0;piece 1;piece 2;", ["ab", "", "c"] => "abc", StringIO.new("x" * 100_000) => "x" * 100_000,
      [] => "", StringIO.new => "" }.each do |body, arrives|
      sent = client.post("echo/", body: body, type: "text/plain").json
      assert_equal [arrives, "text/plain"], [sent["body"], sent["headers"]["content-type"]]
      assert_equal "chunked", sent["headers"]["transfer-encoding"]
    end
    Tempfile.create do |file|
      file.write("from disk")
      file.rewind
      sent = client.post("echo/", body: file).json
      assert_equal %w[from\ disk 9], [sent["body"], sent["headers"]["content-length"]]
    end
  end

  def test_a_body_that_raises_ends_the_request_with_that_error
    error = assert_raises(RuntimeError) do
      client.post("echo/", body: Enumerator.new { |yielder| yielder << "a" and raise "no more" })
    end
    assert_equal "no more", error.message
    assert_equal 200, client.get("things/0/").status
  end

  def test_query_of_several_values
    query = client.get("echo/", query: { a: [1, 2], b: nil, c: true, d: :e }).json["query"]
    assert_equal "a=1&a=2&c=true&d=e", query
  end

  def test_headers_of_one_name
    Sandbox.answer("/many/", headers: [%w[X-Many a], %w[X-Many b], %w[X-One c]])
    headers = client.get("many/").headers
    assert_equal [%w[a b], "a, b", "c", nil], [headers.all("X-Many"), headers["x-many"], headers["X-ONE"], headers["x"]]
    assert_includes headers.to_h, "x-one"
    assert_includes headers.map(&:first), "x-many"
    refute_includes headers.inspect, "a, b"
  end

  def test_progress_of_any_request
    seen = []
    progress = ->(phase, done, total) { seen << [phase, done, total] }
    assert_raises(Crux::TimeoutError) { client.get("slow/", timeout_total_ms: 300, progress: progress) }
    assert_includes seen, [:wait, nil, nil]
    client.post("echo/", body: ["a"] * 3, progress: progress)
    client.get("bytes/70000", progress: progress)
    assert_includes seen, [:receive, 70_000, 70_000]
    assert(seen.all? { |phase, *| Crux::PHASES.value?(phase) })
  end

  def test_progress_of_a_block_begins_with_nothing
    Dir.mktmpdir do |folder|
      told = []
      client.download("files/out.bin", File.join(folder, "file")) { |received, total| told << [received, total] }
      assert_equal [[0, nil], [1 << 20, 1 << 20]], [told.first, told.last]
      assert_equal told, told.sort_by(&:first)
    end
  end

  private

  def in_a_folder(&) = Dir.mktmpdir(&)

  def endless_job
    Sandbox.answer("/endless/", status: 202, body: { value: "/endless/progress/" })
    Sandbox.answer("/endless/progress/", body: { value: { progress: 10, message: "working" } })
  end
end
