# Logs in and shows what is at a path: ruby login.rb PATH. The environment says to which service and as whom:
# CRUX_SERVICE, CRUX_API (nothing: the service's own address), CRUX_USER and CRUX_PASSWORD.
require "libcrux"

service, base_url, user, password = ENV.values_at("CRUX_SERVICE", "CRUX_API", "CRUX_USER", "CRUX_PASSWORD")
begin
  Crux.login(service || "crux-connect", user, password, base_url: base_url) do |client|
    response = client.get(ARGV.fetch(0, ""))
    puts "#{response.status} #{response.url}", response.text
  end
rescue Crux::Error => error
  abort error.message
end
