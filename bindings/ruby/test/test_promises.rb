# frozen_string_literal: true

require_relative "helper"
require "English"

# The tour, and that nothing of cases.json was left out.
class TestPromises < Minitest::Test
  HERE = File.expand_path("..", __dir__)

  def test_every_case_has_its_test
    written = Dir[File.join(__dir__, "test_*.rb")].flat_map { |file| File.read(file).scan(/^  def test_(\w+)$/) }.flatten
    own, data = CASES.partition { |one| one["do"] == "own" }.map { |list| list.map { |one| one["name"] } }
    assert_empty own - written
    assert_empty data & written
    assert_operator CASES.size, :>=, 60
    Dir[File.join(__dir__, "test_*.rb")].each { |file| require file }
    assert_empty data - TestCases.public_instance_methods(false).map { |name| name.to_s.delete_prefix("test_") }
  end

  def test_tour
    assert_equal File.read(File.join(HERE, "../tour.txt")).strip, run_example("tour.rb").strip
  ensure
    # What the tour has made.
    Crux.token("custom", "tok-7d1c", base_url: BASE) { |client| client.delete("things/7/") }
  end

  def test_example_login
    env = { "CRUX_SERVICE" => "custom", "CRUX_API" => BASE }
    assert_match(/\A200 .*things/, run_example("login.rb", "things/", env: env))
  end

  # In a process of its own: rbs 2.1 does not survive the compaction that other tests ask for.
  def test_types_are_those_of_the_code
    assert_match(/\A\d+ classes\n\z/, run_example("../test/support/signatures.rb"))
  end

  # Runs a program of examples/ where it may leave files.
  def run_example(name, *arguments, env: {})
    paths = $LOAD_PATH.grep(%r{bindings/ruby|languages/ruby}).map { |path| "-I#{File.expand_path(path)}" }
    command = [env, RbConfig.ruby, "-w", *paths, File.join(HERE, "examples", name), *arguments]
    output = Dir.mktmpdir { |folder| IO.popen(command, chdir: folder, err: %i[child out], &:read) }
    assert_predicate $CHILD_STATUS, :success?, output
    output
  end
end
