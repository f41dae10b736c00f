# frozen_string_literal: true

module Crux
  # What a request brought. It stays good when its client is closed.
  #
  # @since 0.2
  class Response
    # @api private
    def initialize(client, handle)
      @client = client
      @handle = Native.weigh(handle)
    end

    # @api private
    def handle = @handle || raise(::IOError, "This response is a copy, and leads nowhere.")

    # Whether a client has brought it.
    # @api private
    def of?(client) = @client.equal?(client)

    # Keeps a copy, and gives back what the library holds.
    # @api private
    def detach
      marshal_load(marshal_dump.tap { Native.free(handle) }) if @handle
    end

    # @return [Integer] such as 200
    def status = @status || Native.status(handle)

    # @return [Headers]
    def headers = @headers ||= Headers.new(Native.headers(handle))

    # The bytes, decoded from gzip.
    # @return [String] frozen, of the encoding BINARY
    def body = @body ||= Native.body(handle).freeze

    # The body as text: UTF-8, unless its Content-Type names another encoding that Ruby has. What is no text in it
    # becomes U+FFFD.
    # @return [String] of the encoding UTF-8
    def text = body.dup.force_encoding(charset).encode(Encoding::UTF_8, invalid: :replace, undef: :replace).scrub

    # The JSON document of the body. The same objects each time.
    # @raise [JSON::ParserError] if the body is no JSON
    def json
      @json = JSON.parse(body.dup.force_encoding(Encoding::UTF_8)) unless defined?(@json)
      @json
    end

    # @return [String] where the response came from, after redirects
    def url = info("url")

    # @return [String, nil] the Location as a whole URL; of a job, its result
    def location = info("location")

    # @return [String, nil] the address or the id of what was made
    def result = info("result")

    # @return [String, nil] the Warning of the response
    def warning = info("warning")

    # @return [Integer] how many requests it took, retries and redirects included
    def attempts = info("attempts")

    # @return [Hash] all that the library knows of it, by the names of its facts
    def facts = @facts || JSON.parse(Native.copy(handle, "facts"))

    # Requests a link out of this response; see Client#follow.
    def follow(link, **call) = handle && @client.follow(self, link, **call)

    # Without URL, headers and body, which may hold secrets.
    def inspect = "#<#{self.class} #{status}, #{body.bytesize} bytes>"

    # A copy has all but the way to its client: it cannot be followed.
    def marshal_dump = [status, headers, body, facts]

    def marshal_load(copy)
      @status, @headers, @body, @facts = copy
      @handle = @client = nil
    end

    private

    def info(name)
      return @facts[name] if @facts

      name == "attempts" ? Native.number(handle, name) : Native.info(handle, name)
    end

    # Without a Regexp, as Text.
    def charset
      _, *parameters = headers["content-type"].to_s.split(";").map { |part| part.split("=", 2) }
      _, name = parameters.find { |key, _| key.to_s.strip.casecmp?("charset") }
      name ? Encoding.find(name.delete('"').strip) : Encoding::UTF_8
    rescue ::ArgumentError
      Encoding::UTF_8
    end
  end
end
