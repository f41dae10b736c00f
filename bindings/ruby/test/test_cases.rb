# frozen_string_literal: true

require_relative "helper"
require "digest"

# The cases of bindings/cases.json that are data.
class TestCases < SandboxTest
  ERRORS = {
    "argument" => Crux::InvalidArgumentError, "auth" => Crux::AuthError, "connect" => Crux::ConnectError,
    "file" => Crux::FileError, "http" => Crux::HTTPError, "timeout" => Crux::TimeoutError,
    "too_large" => Crux::TooLargeError
  }.freeze
  PLACES = { "{base}" => BASE, "{https}" => ENV.fetch("CRUX_SANDBOX_HTTPS"), "{ca}" => ENV.fetch("CRUX_SANDBOX_CA") }.freeze
  CLIENT_OPTIONS = %i[tls_ca_file base_url].freeze

  CASES.reject { |one| one["do"] == "own" }.each do |one|
    define_method("test_#{one["name"]}") { run_case(one) }
  end

  private

  def run_case(one)
    one["before"]&.each { |answer| Sandbox.control("answer", answer) }
    expected = placed(one["expect"])
    assert_within((one["within_ms"] || 30_000) / 1000.0) do
      if expected["error"]
        error = assert_raises(ERRORS.fetch(expected["error"])) { act(one, expected) }
        assert_kind_of Crux::Error, error
        check_error(error, expected)
      else
        act(one, expected)
      end
    end
    refute @target && File.exist?(@target) if expected["no_file"]
  end

  # In texts, braces that mean something become what they mean.
  def placed(value)
    case value
    when String then value.gsub(/\{\w+\}/) { |brace| PLACES.fetch(brace, brace) }
    when Hash then value.transform_values { |inner| placed(inner) }
    when Array then value.map { |inner| placed(inner) }
    else value
    end
  end

  def act(one, expected)
    options = placed(one["options"] || {}).transform_keys(&:to_sym)
    of_client, of_call = one["do"] == "login" ? [options, {}] : options.partition { |key, _| CLIENT_OPTIONS.include?(key) }.map(&:to_h)
    @client = client_of(one["account"] || "password", { base_url: BASE, **of_client }, one["secret"] || PASSWORD)
    send("do_#{one["do"] || "call"}", one, arguments(one).merge(of_call), expected)
  end

  def client_of(account, options, secret)
    case account
    when "password" then Crux.login("custom", USER, secret, **options)
    when "token" then Crux.token("custom", "tok-7d1c", **options)
    when "bad_token" then Crux.token("custom", "nope", **options)
    when "anonymous" then Crux.anonymous("custom", **options)
    end
  end

  def arguments(one)
    given = one.slice("query", "fill", "headers", "json", "wait", "type").transform_keys(&:to_sym)
    given[:body] = [one["body_hex"]].pack("H*") if one["body_hex"]
    given
  end

  def do_login(*) = nil

  def do_call(one, arguments, expected)
    check_response(@client.request(one["method"] || "GET", placed(one["path"]), **arguments), expected, one)
  end

  def do_follow(one, arguments, expected)
    check_response(@client.get(one["path"], **arguments).follow(one["link"]), expected, one)
  end

  def do_pages(one, arguments, expected)
    pages = @client.pages(one["path"], **arguments).to_a
    wanted = expected.fetch("sizes")
    assert_equal(wanted["are"], pages.map { |page| at(page.json, wanted["pointer"]).size })
  end

  def do_items(one, arguments, expected)
    wanted = expected.fetch("items")
    assert_equal(wanted["are"], @client.items(one["path"], **arguments).map { |item| at(item, wanted["pointer"]) })
  end

  def do_upload(one, arguments, expected)
    file = StringIO.new(one["data"])
    response = @client.upload(one["path"], file, field: one["field"], filename: one["filename"], **arguments)
    check_response(response, expected, one)
  end

  def do_download(one, arguments, expected)
    Dir.mktmpdir do |folder|
      @target = File.join(folder, "file")
      last = nil
      @client.download(one["path"], @target, **arguments) { |received, _total| last = received }
      assert_equal expected["file_length"], File.size(@target)
      assert_equal expected["progress_last"], last
    end
  end

  def do_stream(one, arguments, expected)
    length = 0
    response = @client.stream("GET", one["path"], **arguments) { |piece| length += piece.bytesize }
    assert_equal expected["length"], length
    assert_equal expected["status"], response.status
  end

  def check_error(error, expected)
    { "status" => error.status, "server_message" => error.server_message, "retryable" => error.retryable,
      "retry_after_s" => error.retry_after }.each do |name, value|
      assert_equal expected[name], value, name if expected.key?(name)
    end
    check_response(error.response, expected, {}) if error.response
  end

  def check_response(response, expected, one)
    { "status" => response.status, "url" => response.url, "location" => response.location,
      "attempts" => response.attempts }.each do |name, value|
      assert_equal expected[name], value, name if expected.key?(name)
    end
    assert_equal expected["text"], response.text if expected.key?("text")
    assert_equal expected["length"], response.body.bytesize if expected.key?("length")
    assert_equal expected["sha256"], Digest::SHA256.hexdigest(response.body) if expected.key?("sha256")
    assert_raises(JSON::ParserError) { response.json } if expected["json_fails"]
    expected["headers"]&.each { |name, value| assert_equal value, response.headers[name] }
    expected["absent"]&.each { |pointer| assert_raises(IndexError, KeyError) { at(response.json, pointer) } }
    expected["json"]&.each { |pointer, value| assert_value value, at(response.json, pointer) }
    assert_equal one["json"], JSON.parse(at(response.json, "/body")) if expected["sent_json"]
  end

  def assert_value(value, found) = value.nil? ? assert_nil(found) : assert_equal(value, found)

  # What stands at a JSON pointer.
  def at(document, pointer)
    pointer.split("/").drop(1).reduce(document) do |value, part|
      key = part.gsub("~1", "/").gsub("~0", "~")
      value.is_a?(Array) ? value.fetch(Integer(key)) : value.fetch(key)
    end
  end
end
