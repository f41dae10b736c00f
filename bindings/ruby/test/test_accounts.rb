# frozen_string_literal: true

require_relative "helper"
require "logger"

# Logging in, and what must not be seen of it.
class TestAccounts < SandboxTest
  def test_from_env
    program = 'Crux.from_env(service: "custom") { |client| puts client.get("things/1/").json["name"] }'
    env = { "CRUX_API" => BASE, "CRUX_TOKEN" => "tok-7d1c", "CRUX_USER" => nil, "CRUX_PASSWORD" => nil }
    output, status = run_ruby(program, "-rlibcrux", env: env)
    assert_equal "Bluse\n", output
    assert_predicate status, :success?
  end

  def test_from_env_of_an_account
    env = { "CRUX_API_ACME" => BASE, "CRUX_TOKEN_ACME" => "tok-7d1c" }
    output, = run_ruby('puts Crux.from_env("acme", service: "custom").get("things/2/").json["name"]', "-rlibcrux", env: env)
    assert_equal "Čepice\n", output
  end

  def test_a_block_gets_the_client_and_closes_it
    kept = nil
    result = Crux.token("custom", "tok-7d1c", base_url: BASE) do |client|
      kept = client
      client.get("things/1/").json["name"]
    end
    assert_equal "Bluse", result
    assert_predicate kept, :closed?
  end

  def test_token_is_read_and_replaced
    assert_equal "tok-7d1c", client.token
    client.token = "nope"
    assert_raises(Crux::AuthError) { client.get("things/1/") }
    client.token = "tok-7d1c"
    assert_equal 200, client.get("things/1/").status
    assert_raises(Crux::InvalidArgumentError) { client.token = "" }
    assert_nil Crux.anonymous("custom", base_url: BASE).token
  end

  def test_login_again_and_logout
    assert_equal 200, client.login.status
    client.logout
    assert_raises(Crux::AuthError) { client.get("things/1/") }
  end

  def test_first_use_logs_in_with_the_first_request
    Sandbox.clear
    late = Crux.login("custom", USER, PASSWORD, base_url: BASE, login_when: "first_use")
    assert_equal 0, late.facts["logins"]
    assert_equal 200, late.get("things/1/").status
    assert_equal %w[/login /things/1/], Sandbox.paths
  end

  def test_errors_hide_secrets
    lines = StringIO.new
    logger = Logger.new(lines)
    seen = []
    Sandbox.answer("/echoed/", status: 400, body: { detail: "bad tok-7d1c for #{PASSWORD}" })
    Crux.login("custom", USER, PASSWORD, base_url: BASE, logger: logger, log_level: 5) do |client|
      seen << client.inspect << client.get("echo/").inspect << client.facts.to_s
      error = assert_raises(Crux::HTTPError) { client.get("echoed/") }
      seen << error.message << error.inspect << error.full_message << error.server_message
      client.close
      seen << client.inspect << assert_raises(IOError) { client.get("echo/") }.message
    end
    refused = assert_raises(Crux::AuthError) do
      Crux.login("custom", USER, "very secret", base_url: BASE, logger: logger, log_level: 5)
    end
    seen << refused.message << refused.inspect << refused.response.inspect << refused.response.body
    seen << assert_raises(TypeError) { Crux.login("custom", USER, :"very secret", base_url: BASE) }.message
    seen << lines.string
    ["tok-7d1c", PASSWORD, "very secret"].each do |secret|
      seen.each { |text| refute_includes text.dup.force_encoding("UTF-8"), secret }
    end
    refute_empty lines.string
  end

  def test_every_option_of_the_library_is_known
    assert_equal "timeout.total_ms", Crux::OPTIONS[:timeout_total_ms]
    assert_includes Crux::SECRETS, :token
    error = assert_raises(Crux::InvalidArgumentError) { Crux.anonymous("custom", base_url: BASE, timeout_totl_ms: 1) }
    assert_match(/timeout.total_ms/, error.message)
  end
end
