# frozen_string_literal: true

# The controls of the sandbox.
module Sandbox
  module_function

  # Sets what is answered at a path, until it is forgotten.
  def answer(path, status: 200, **rest) = control("answer", { path: path, method: "*", status: status, **rest })

  def forget = control("forget", {})

  # Forgets what was requested.
  def clear = control("clear", {})

  # The paths that were requested.
  def paths = JSON.parse(Net::HTTP.get(url("requests"))).map { |request| request["path"] }

  def control(name, document)
    response = Net::HTTP.post(url(name), JSON.generate(document), "Content-Type" => "application/json")
    raise "the sandbox refused #{name}: #{response.body}" unless response.is_a?(Net::HTTPSuccess)
  end

  def url(name) = URI.join(BASE, "_sandbox/#{name}")
end
