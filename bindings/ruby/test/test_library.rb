# frozen_string_literal: true

require_relative "helper"

# How the shared library is found.
class TestLibrary < Minitest::Test
  def run_ruby(...) = SandboxTest.instance_method(:run_ruby).bind_call(SandboxTest.new("run_ruby"), ...)

  def load_error(library)
    program = 'begin; require "libcrux"; rescue LoadError => error; print error.message; end'
    run_ruby(program, env: { "CRUX_LIBRARY" => library }).first
  end

  def test_library_missing
    assert_match(%r{\Alibcrux cannot be loaded. Tried CRUX_LIBRARY: /no/such/libcrux.so: .*Install libcrux}, load_error("/no/such/libcrux.so"))
    unless system("ldconfig -p | grep -q libcrux.so.0")
      message = load_error(nil)
      assert_match(%r{the copy in the gem: \S*libcrux/libcrux.so.0: }, message)
      assert_match(/the system's loader: libcrux.so.0: /, message)
    end
  end

  def test_library_too_old
    Dir.mktmpdir do |folder|
      old = File.join(folder, "libcrux.so")
      source = 'int crux_abi(void) { return 0; } const char *crux_version(void) { return "0.1.9"; }'
      IO.popen(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", old], "w") { |compiler| compiler.write(source) }
      assert_match(/too old: it is version 0.1.9 with ABI 0, and this gem needs ABI [1-9]/, load_error(old))
      incomplete = source.sub("return 0", "return 1000")
      IO.popen(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", old], "w") { |compiler| compiler.write(incomplete) }
      assert_match(/has no function crux_login/, load_error(old))
    end
  end

  def test_version
    assert_equal Crux::VERSION, Crux.version
  end
end
