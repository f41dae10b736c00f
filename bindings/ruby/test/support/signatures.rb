# frozen_string_literal: true

# Prints what the types in sig/ lack of the public methods of Crux, and what they have too much.

require "libcrux"
require "rbs"

# What the code calls its own; not for programs.
PRIVATE = { Crux::Response => %i[handle of? detach marshal_dump marshal_load] }.freeze

loader = RBS::EnvironmentLoader.new
loader.add(path: Pathname(File.expand_path("../../sig", __dir__)))
%w[socket timeout].each { |name| loader.add(library: name, version: nil) if loader.has_library?(library: name, version: nil) }
environment = RBS::Environment.from_loader(loader)
unless environment.class_decls.keys.any? { |name| name.to_s == "::SocketError" }
  RBS::Parser.parse_signature("class SocketError < StandardError\nend").each { |declared| environment << declared }
end
builder = RBS::DefinitionBuilder.new(env: environment.resolve_type_names)

names = builder.env.class_decls.keys.select { |name| name.to_s.start_with?("::Crux") }
typed = names.to_h { |name| [Object.const_get(name.to_s), [builder.build_instance(name), builder.build_singleton(name)]] }
public = [Crux, *Crux.constants.map { |name| Crux.const_get(name) }.grep(Module)]
puts "without types: #{public - typed.keys}" unless (public - typed.keys).empty?

typed.each do |mod, (instance, singleton)|
  own = instance.methods.select { |_, method| method.defs.any? { |one| one.implemented_in.to_s == "::#{mod}" } }.keys
  methods = mod.public_instance_methods(false) - PRIVATE.fetch(mod, []) - %i[inspect initialize_copy]
  missing = (methods - own) + (mod.public_methods(false) - singleton.methods.keys - Object.public_methods - %i[of])
  puts "#{mod} lacks types of #{missing}" unless missing.empty?
  puts "#{mod} has not #{own - mod.public_instance_methods}" unless (own - mod.public_instance_methods).empty?
end
puts "#{typed.size} classes"
