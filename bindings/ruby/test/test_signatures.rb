# frozen_string_literal: true

require_relative "helper"
require "rbs"

# The types in sig/ are those of the code.
class TestSignatures < Minitest::Test
  # What the code calls its own; not for programs.
  PRIVATE = { Crux::Response => %i[handle detach marshal_dump marshal_load] }.freeze

  def signatures
    loader = RBS::EnvironmentLoader.new
    loader.add(path: Pathname(File.expand_path("../sig", __dir__)))
    %w[socket timeout].each { |name| loader.add(library: name, version: nil) if loader.has_library?(library: name, version: nil) }
    environment = RBS::Environment.from_loader(loader)
    unless environment.class_decls.keys.any? { |name| name.to_s == "::SocketError" }
      RBS::Parser.parse_signature("class SocketError < StandardError\nend").each { |declared| environment << declared }
    end
    RBS::DefinitionBuilder.new(env: environment.resolve_type_names)
  end

  def test_types_are_those_of_the_code
    builder = signatures
    names = builder.env.class_decls.keys.select { |name| name.to_s.start_with?("::Crux") }
    written = names.to_h { |name| [Object.const_get(name.to_s), [builder.build_instance(name), builder.build_singleton(name)]] }
    public = Crux.constants.map { |name| Crux.const_get(name) }.grep(Module)
    assert_equal [Crux, *public].sort_by(&:name), written.keys.sort_by(&:name)
    written.each do |mod, (instance, singleton)|
      own = instance.methods.select { |_, method| method.defs.any? { |one| one.implemented_in.to_s == "::#{mod}" } }
      methods = mod.public_instance_methods(false) - PRIVATE.fetch(mod, []) - %i[inspect]
      assert_empty methods - own.keys, mod
      assert_empty own.keys - mod.public_instance_methods, mod
      assert_empty mod.public_methods(false) - singleton.methods.keys - Object.public_methods - %i[of], mod
    end
  end
end
