# frozen_string_literal: true

module Crux
  # An account at a service. Any number of threads and fibers may use it at once. While it waits, other threads run,
  # and Ctrl-C, Timeout.timeout, Thread#raise and Thread#kill end what it waits for.
  #
  # Every method that makes a request takes these keywords:
  #
  # +query+::   a Hash of what follows the question mark; an Array gives several pairs, nil none
  # +json+::    what to send as JSON
  # +body+::    bytes, or what has +read+ or +each+ and gives them piece by piece
  # +type+::    the Content-Type of +body+
  # +headers+:: a Hash
  # +fill+::    a Hash of what the {names} of the path stand for; each stays one segment
  # +wait+::    true: if the request starts a job, its end is awaited
  # +progress+:: is called with the phase (one of PHASES), how much is done, and of how much; nil is unknown
  #
  # and the options of OPTIONS that are marked *call*, such as <tt>timeout_total_ms: 500</tt>. Each raises an Error of
  # its outcome.
  #
  # @since 0.2
  class Client
    # @api private
    def initialize(handle, tokens = nil)
      @handle = handle
      @tokens = tokens
      @waiting = Waiting.new(handle, tokens)
    end

    def initialize_copy(_) = raise(TypeError, "A client cannot be copied; each Ractor makes its own.")

    # Requests a path below the base, or a URL of a response.
    # @return [Response]
    def get(path, **call) = request("GET", path, **call)

    # @return [Response]
    def post(path, **call) = request("POST", path, **call)

    # @return [Response]
    def put(path, **call) = request("PUT", path, **call)

    # @return [Response]
    def patch(path, **call) = request("PATCH", path, **call)

    # @return [Response]
    def delete(path, **call) = request("DELETE", path, **call)

    # Sends a request of any method; see Client for the keywords.
    # @return [Response]
    def request(method, path, **call) = perform(Native.call_new(handle, method, path), **call)

    # Requests a link as it stands in a response. A relative one is resolved against where that came from.
    # @return [Response]
    def follow(response, link, method: "GET", **call)
      handle
      page = handle_of(response)
      # The call belongs to the client of the response, and only that one's queue would bring it.
      raise InvalidArgumentError, "Only the client of a response can follow its links." unless response.of?(self)

      perform(Native.call_follow(page, method, link), **call)
    end

    # Yields the pages of a list, each a Response. A page is requested when the one before has been dealt with.
    # @return [Enumerator] without a block
    def pages(path, method: "GET", **call)
      return enum_for(:pages, path, method: method, **call) unless block_given?

      page = request(method, path, **call)
      loop do
        yield page
        following = Native.call_next(handle, page.handle) or return self
        page = perform(following)
      end
    end

    # Yields the members of all pages of a list, one after another, out of their JSON.
    # @return [Enumerator] without a block
    def items(path, **call, &block)
      return enum_for(:items, path, **call) unless block

      pages(path, **call) { |page| Members.of(page.json).each(&block) }
      self
    end

    # Reads a body while it comes: yields each piece of it, and returns the response without a body. Without a block,
    # returns a Stream, to be closed by the caller.
    # @return [Response, Stream]
    def stream(method, path, **call)
      stream = open_stream(Native.call_new(handle, method, path), **call)
      return stream unless block_given?

      begin
        stream.each { |piece| yield piece }
        stream.response
      ensure
        stream.close
      end
    end

    # Downloads to a file. It gets its name once it is complete; what is there by then is replaced. A block is called
    # with the bytes received and their total, which is nil if it is unknown.
    # @return [Response] without a body
    def download(url, file, **call, &block)
      call[:progress] = Progress.new(:receive, block) if block
      perform(Native.call_new(handle, "GET", url), save: File.path(file), **call)
    end

    # Uploads a file as a form: one on disk by its name, or what can be read. A block is called with the bytes sent
    # and their total.
    #
    # @param path [String, nil] nil: where the service takes files; only for a file on disk
    # @param file [String, Pathname, IO, StringIO] a file on disk is not read into memory, unless it gets another name
    # @param field [String, nil] the name of the form's field; nil: the one that the service wants, or "file"
    # @param filename [String, nil] the name that the server sees; nil: that of the file
    # @param type [String, nil] such as "text/csv"; nil: by the ending of the name
    # @return [Response]
    def upload(path, file, field: nil, filename: nil, type: nil, **call, &block)
      call[:progress] = Progress.new(:send, block) if block
      perform(Upload.form(handle, path, file, field, filename, type), **call)
    end

    # Waits for the job that a response has started. A block is called with the percentage and 100.
    #
    # @param timeout [Numeric, nil] in seconds; nil: as the option job_timeout_ms says
    # @return [Response] the last that the service said of the job
    # @raise [JobError] if the job failed
    # @raise [TimeoutError] if it goes on; its response can be awaited again
    def wait(response, timeout: nil, &block)
      raise TypeError, "timeout: is a number, not #{timeout.class}." unless timeout.nil? || timeout.is_a?(Numeric)

      call = Native.call_await(handle, handle_of(response))
      # 0 would be "as long as it takes".
      limit = timeout ? { job_timeout_ms: [(timeout * 1000).ceil, 1].max } : {}
      perform(call, progress: block && Progress.new(:job, block), **limit)
    end

    # Logs in, now or again, and so says whether the credentials work.
    # @return [Response]
    def login = perform(Native.call_login(handle))

    # Ends the session, here and at the server.
    # @return [Response]
    def logout = perform(Native.call_logout(handle))

    # Asks the service to mail a link for a new password.
    # @return [Response]
    def reset_password(email) = perform(Native.call_reset_password(handle, email))

    # The token in use; it is a secret.
    # @return [String, nil]
    def token
      token = Native.copy(handle, "token")
      token unless token.empty?
    end

    # Uses another token from now on.
    def token=(token)
      return if Native.set_token(handle, token).zero?

      raise InvalidArgumentError, "The token is empty or holds what cannot stand in a header."
    end

    # @return [String] as the option of that name
    def service = Native.info(handle, "service")

    # @return [String] the base of all paths
    def base_url = Native.info(handle, "base_url")

    # @return [Hash] all that the library counts and knows of the client, by the names of its facts
    def facts = JSON.parse(Native.copy(handle, "facts"))

    # Ends all that is under way, in every thread and fiber, with a CancelledError. The client stays usable.
    def cancel
      Native.cancel(handle)
      nil
    end

    # Ends all that is under way, and the client. Closing twice is nothing.
    def close
      return unless (closing = @handle)

      @handle = nil
      Native.cancel(closing)
      # Where it is still needed the collector ends it.
      Native.free(closing) unless @waiting.busy?
      nil
    end

    def closed? = @handle.nil?

    def inspect = closed? ? "#<#{self.class} closed>" : "#<#{self.class} #{service} #{base_url}>"

    private

    def handle = @handle || raise(::IOError, "The client is closed.")

    def handle_of(response)
      return response.handle if response.is_a?(Response)

      raise TypeError, "A Crux::Response is needed, not #{response.class}."
    end

    # Describes a call, sends it and returns its response.
    def perform(native, progress: nil, **call)
      source = describe(native, **call) unless call.empty?
      progress = Progress.new(nil, progress) unless progress.nil? || progress.is_a?(Progress)
      response = source ? send_source(native, source, progress) : @waiting.send(native, progress)
      progress&.finish(response)
      finish(response)
    ensure
      Native.free(native)
    end

    # A body that comes from Ruby: for a started request the library would ask for it on a thread that Ruby does not know.
    def send_source(native, source, progress)
      tell = -> { progress.tell(:send, source.sent, source.length) } if progress
      Waiting.aside(tell) { Native.call_send(native) }
    end

    def open_stream(native, **call)
      describe(native, **call)
      Stream.new(@waiting, finish(@waiting.stream(native)))
    ensure
      Native.free(native)
    end

    # What is refused here is told by the response. Returns the source of the body, if it has one.
    def describe(native, query: nil, json: nil, body: nil, type: nil, headers: nil, fill: nil, wait: false, **options)
      raise InvalidArgumentError, "A call has either json: or body:, not both." unless json.nil? || body.nil?

      Text.pairs(fill, "fill")&.each { |name, value| Native.call_fill(native, name, Text.of(value)) }
      Text.pairs(query, "query")&.each { |name, value| Text.each(value) { |text| Native.call_query(native, name, text) } }
      Text.pairs(headers, "headers")&.each { |name, value| Text.each(value) { |text| Native.call_header(native, name, text) } }
      options.each { |name, value| Native.call_set(native, *Text.of_option(name, value)) }
      Native.call_set(native, "await", "1") if wait
      Native.call_body(native, JSON.generate(json), type) unless json.nil?
      add_body(native, body, type) unless body.nil?
    end

    def add_body(native, body, type)
      unless Source.fits?(body)
        Native.call_body(native, body, type)
        return
      end
      source = Source.new(body)
      Native.call_source(native, source, source.length, type)
      source
    end

    def finish(native)
      response = Response.new(self, native)
      return response if Native.code(native).zero?

      error = Error.of(native, response)
      raise error.is_a?(AuthError) && @tokens&.error || error
    end
  end
end
