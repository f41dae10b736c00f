# frozen_string_literal: true

require_relative "helper"

# The tree of errors, and errors of Ruby's own.
class TestErrors < SandboxTest
  ALL = %i[
    InvalidArgumentError ResolveError ConnectError TLSError BrokenConnectionError ProtocolError TimeoutError
    CancelledError AuthError HTTPError TooLargeError JobError FileError InternalError
  ].freeze

  def test_error_tree
    assert_equal (1..14).to_a, ALL.map { |name| Crux.const_get(name)::CODE }
    ALL.each do |name|
      assert_operator Crux.const_get(name), :<, Crux::Error
      assert_operator Crux.const_get(name), :<, StandardError
    end
    { InvalidArgumentError: ArgumentError, TimeoutError: Timeout::Error, ConnectError: SocketError,
      ResolveError: SocketError, BrokenConnectionError: IOError, FileError: IOError }.each do |name, standard|
      assert_operator Crux.const_get(name), :<, standard
    end
  end

  def test_no_name_of_ruby_is_hidden
    hidden = Crux.constants.select { |name| Object.const_defined?(name, false) }
    assert_empty hidden - [:VERSION]
  end

  def test_an_error_says_all_that_is_known
    error = assert_raises(Crux::Error) { client.get("things/999/") }
    assert_equal [10, 404, "No such thing."], [error.code, error.status, error.server_message]
    assert_equal [false, true, nil], [error.retryable?, error.maybe_sent?, error.retry_after]
    assert_equal({ "detail" => "No such thing." }, error.response.json)
    none = assert_raises(Crux::ConnectError) { Crux.login("custom", USER, PASSWORD, base_url: "http://127.0.0.1:1/") }
    assert_equal [nil, nil, false], [none.status, none.response, none.maybe_sent?]
  end

  def test_errors_and_responses_can_be_marshalled
    error = assert_raises(Crux::HTTPError) { client.get("things/999/") }
    copy = Marshal.load(Marshal.dump(error))
    assert_equal [error.message, 404], [copy.message, copy.status]
    assert_equal "No such thing.", copy.response.json["detail"]
    assert_raises(IOError) { copy.response.follow("x") }
  end

  def test_wrong_types
    assert_raises(TypeError) { client.get(5) }
    assert_raises(TypeError) { client.get(nil) }
    assert_raises(TypeError) { client.request(nil, "echo/") }
    assert_raises(TypeError) { client.get("echo/", query: { a: Object.new }) }
    assert_raises(TypeError) { client.get("echo/", headers: { "X-A" => {} }) }
    assert_raises(TypeError) { client.get("echo/", timeout_total_ms: []) }
    assert_raises(TypeError) { client.get("echo/", timeout_total_ms: true) }
    assert_raises(TypeError) { client.get("echo/", timeout_total_ms: "x") }
    assert_raises(TypeError) { client.get("echo/", "timeout.total_ms": true) }
    assert_raises(TypeError) { Crux.anonymous("custom", base_url: BASE, retry_max: false) }
    assert_raises(TypeError) { client.get("echo/", query: "a=b") }
    assert_raises(TypeError) { client.get("echo/", query: ["a"]) }
    assert_raises(TypeError) { client.get("echo/", headers: "a") }
    assert_raises(TypeError) { client.get("{a}/", fill: 3) }
    assert_raises(TypeError) { client.get("echo/", progress: 3) }
    assert_raises(TypeError) { client.wait(client.get("things/0/"), timeout: "x") }
    assert_raises(TypeError) { client.post("echo/", body: 5) }
    assert_raises(TypeError) { client.post("echo/", body: [1, 2]) }
    assert_raises(TypeError) { client.upload("upload/", 5) }
    assert_raises(TypeError) { client.download("files/out.bin", 5) }
    assert_raises(TypeError) { Crux.login("custom", nil, PASSWORD, base_url: BASE) }
    assert_raises(TypeError) { Crux.login("custom", USER, nil, base_url: BASE) }
    assert_raises(TypeError) { Crux.token("custom", 5, base_url: BASE) }
    assert_raises(TypeError) { Crux.anonymous("custom", base_url: BASE, logger: 5) }
    assert_raises(TypeError) { client.wait(5) }
    assert_raises(TypeError) { client.follow(5, "x") }
    assert_raises(TypeError) { client.get("things/").follow(nil) }
    assert_raises(TypeError) { client.post("echo/", body: Class.new { def read(_) = 5 }.new) }
    assert_raises(FiberError) { Fiber.new { client.post("echo/", body: Class.new { def read(_) = Fiber.yield }.new) }.resume }
    assert_raises(ArgumentError) { client.get }
    assert_raises(JSON::GeneratorError) { client.post("echo/", json: Float::NAN) }
    assert_equal 200, client.get("things/0/").status
  end

  def test_a_call_has_one_body
    assert_raises(ArgumentError) { client.post("echo/", json: { a: 1 }, body: "b") }
    assert_raises(ArgumentError) { client.post("echo/", json: false, body: "b") }
    assert_equal "b", client.post("echo/", json: nil, body: "b").json["body"]
  end

  def test_links_are_followed_by_the_client_of_their_response
    page = client.get("things/")
    Crux.token("custom", "tok-7d1c", base_url: BASE) do |other|
      assert_raises(Crux::InvalidArgumentError) { other.follow(page, "./1/") }
    end
    assert_equal "Bluse", page.follow("./1/").json["name"]
  end

  def test_broken_text
    assert_raises(ArgumentError) { client.get("things/\xff/") }
    assert_raises(ArgumentError) { client.get("things/", query: { "a" => "\xed\xa0\x80" }) }
    assert_raises(ArgumentError) { client.get("things/", headers: { "X-A" => "\xff".b }) }
    assert_raises(EncodingError) { client.get("things/".encode("UTF-16LE") + "\xD800".dup.force_encoding("UTF-16LE")) }
    assert_raises(JSON::GeneratorError) { client.post("echo/", json: { a: "\xff" }) }
    assert_raises(ArgumentError) { client.download("files/out.bin", "a\0b") }
    assert_raises(ArgumentError) { Crux.login("custom", "a\0b", PASSWORD, base_url: BASE) }
  end

  def test_text_of_other_encodings_is_converted
    ["ü", "ü".encode("ISO-8859-1"), "ü".encode("UTF-16BE"), "ü".b, "ü".encode("Windows-1252")].each do |text|
      assert_equal "q=%C3%BC", client.get("echo/", query: { q: text }).json["query"]
    end
    Sandbox.answer("/latin/", body: "ok", headers: { "content-type" => "text/plain; charset=iso-8859-1" })
    assert_equal ["ok", Encoding::UTF_8], client.get("latin/").text.then { |text| [text, text.encoding] }
    assert_equal Encoding::BINARY, client.get("latin/").body.encoding
  end
end
