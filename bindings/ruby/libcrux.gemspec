# frozen_string_literal: true

Gem::Specification.new do |spec|
  spec.name = "libcrux"
  spec.version = File.read(File.join(__dir__, "lib/libcrux/interface.rb"))[/VERSION = "([^"]+)"/, 1]
  spec.summary = "Log in once to a REST API that is authenticated by a token, then call it"
  spec.description = "Login, retries, pages, jobs, uploads and downloads of token-authenticated REST APIs, by the " \
                     "shared library libcrux. Requests never stop other threads, and Ctrl-C and Timeout end them."
  spec.authors = ["The authors of libcrux"]
  spec.licenses = %w[MIT Apache-2.0]
  spec.files = Dir.chdir(__dir__) do
    Dir["README.md", "LICENSE*", "licences.txt", "lib/**/*.{rb,so,so.0}", "ext/**/*.{rb,c,h}", "sig/*", "examples/*.rb"]
  end
  # package.sh has put the compiled extension and the shared library beside the sources.
  if spec.files.include?("lib/libcrux/native.so")
    spec.platform = Gem::Platform.local
    spec.required_ruby_version = "~> #{RUBY_VERSION[/\d+\.\d+/]}.0"
  else
    spec.extensions = ["ext/libcrux/extconf.rb"]
    spec.required_ruby_version = ">= 3.1"
  end
  spec.metadata = { "rubygems_mfa_required" => "true" }
end
