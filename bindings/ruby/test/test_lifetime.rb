# frozen_string_literal: true

require_relative "helper"

# Objects that are closed, dropped, or taken into another process.
class TestLifetime < SandboxTest
  LOGIN = 'Crux.login("custom", *ENV.values_at("CRUX_USER", "CRUX_PASSWORD"), base_url: ENV["CRUX_BASE"])'

  def test_closed
    response = client.get("things/")
    pages = client.pages("things/")
    2.times { assert_nil client.close }
    assert_predicate client, :closed?
    assert_equal "#<Crux::Client closed>", client.inspect
    [-> { client.get("things/") }, -> { client.token }, -> { client.cancel }, -> { client.wait(response) },
     -> { client.upload("upload/", StringIO.new("")) }, -> { client.stream("GET", "things/") }, -> { pages.first },
     -> { response.follow("./5/") }, -> { client.facts }].each do |use|
      assert_equal "The client is closed.", assert_raises(IOError, &use).message
    end
  end

  def test_answer_outlives_client
    response = client.get("things/0/")
    headers = client.get("things/0/").headers
    client.close
    @client = nil
    GC.start
    assert_equal [200, "Ärmel \"0\""], [response.status, response.json["name"]]
    assert_equal "application/json", headers["content-type"]
    assert_match(%r{/things/0/\z}, response.url)
  end

  def test_finalizers
    program = <<~RUBY
      require "libcrux"
      def objects
        client = #{LOGIN}
        stream = client.stream("GET", "drip/100000000")
        stream.readpartial(1)
        [client, stream, stream.response, client.get("things/0/"), client.pages("things/").first,
         (client.get("things/999/") rescue $!), Thread.new { client.get("slow/") }, client.pages("things/").tap(&:next)]
      end
      30.times { |n| objects.shuffle(random: Random.new(n)).each { |o| o = nil; GC.start(full_mark: false) }.clear }
      GC.start
      GC.stress = true
      $kept = objects
      at_exit { $kept[3].status }
      puts "end"
    RUBY
    output, status = run_ruby(program)
    assert_equal "end\n", output
    assert_predicate status, :success?
  end

  def test_closed_clients_leave_no_descriptor_and_no_thread
    count = -> { [Dir.children("/proc/self/fd").size, Dir.children("/proc/self/task").size] }
    use = lambda do
      Crux.login("custom", USER, PASSWORD, base_url: BASE) do |client|
        client.get("things/0/")
        client.stream("GET", "drip/100000000") { break }
      end
    end
    use.call
    before = count.call
    20.times { use.call }
    await("the end of connections and threads") { count.call.zip(before).all? { |now, then_| now <= then_ } }
  end

  def test_fork
    client.get("things/0/")
    reader, writer = IO.pipe
    child = fork do
      reader.close
      writer.write(client.get("things/1/").json["name"])
      GC.start
      client.close
      exit!(0)
    end
    writer.close
    assert_equal "Bluse", reader.read.force_encoding("UTF-8")
    assert_predicate Process.wait2(child).last, :success?
    assert_equal "Čepice", client.get("things/2/").json["name"]
  end

  def test_fork_while_another_thread_waits
    client
    waiting = Thread.new { client.get("slow/", timeout_total_ms: 2000) }
    waiting.report_on_exception = false
    await("the request") { client.facts["under_way"].positive? }
    child = fork { exit!(client.get("things/1/").status == 200 ? 0 : 1) }
    assert_within(2) { assert_predicate Process.wait2(child).last, :success? }
    waiting.kill.join
  end

  def test_memory_is_flat
    program = <<~RUBY
      client = #{LOGIN}
      resident = -> { File.read("/proc/self/status")[/VmRSS:\\s+(\\d+)/, 1].to_i }
      round = -> { #{ENV["CRUX_LONG"] == "1" ? 100_000 : 1_000}.times { client.get("things/0/").json } }
      round.call
      before = resident.call
      round.call
      puts resident.call - before
    RUBY
    grown = Integer(run_ruby(program, "-rlibcrux").first)
    assert_operator grown, :<, 4 * 1024
  end

  def test_large_answers_do_not_pile_up
    resident = -> { File.read("/proc/self/status")[/VmRSS:\s+(\d+)/, 1].to_i }
    before = resident.call
    60.times { client.get("bytes/8388608") }
    assert_operator resident.call - before, :<, 200 * 1024
  end
end
