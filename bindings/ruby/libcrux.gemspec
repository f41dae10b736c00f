# frozen_string_literal: true

Gem::Specification.new do |spec|
  spec.name = "libcrux"
  spec.version = File.read(File.join(__dir__, "lib/libcrux/interface.rb"))[/VERSION = "([^"]+)"/, 1]
  spec.summary = "Log in once to a REST API that is authenticated by a token, then call it"
  spec.description = "Login, retries, pages, jobs, uploads and downloads of token-authenticated REST APIs, by the " \
                     "shared library libcrux. Requests never stop other threads, and Ctrl-C and Timeout end them."
  spec.authors = ["The authors of libcrux"]
  spec.licenses = %w[MIT Apache-2.0]
  spec.required_ruby_version = ">= 3.1"
  spec.files = Dir.chdir(__dir__) { Dir["README.md", "lib/**/*.rb", "ext/**/*.{rb,c,h}", "sig/*.rbs", "examples/*.rb"] }
  spec.extensions = ["ext/libcrux/extconf.rb"]
  spec.metadata = { "rubygems_mfa_required" => "true" }
end
