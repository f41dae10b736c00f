# frozen_string_literal: true

module Crux
  # How a client waits. Without a fiber scheduler, on the thread that asks, with the interpreter's lock given back.
  # With one, requests are started, and a single fiber watches the one descriptor that tells of all of them.
  #
  # Progress is never told out of the library, but between two waits: so it may raise, throw, break and switch fibers.
  #
  # @api private
  class Waiting
    # One that waits for a response.
    Waiter = Struct.new(:fiber, :scheduler, :done)

    # How often progress is told, and how long a watch outlives those who wait, in seconds.
    INTERVAL = 0.1

    # Runs what can only block on a thread of its own, if blocking would stop other fibers, or keep progress from being
    # told: that is called about every INTERVAL.
    def self.aside(progress = nil, &)
      return yield unless progress || Fiber.current_scheduler

      thread = Thread.new(&)
      thread.report_on_exception = false
      begin
        progress&.call until thread.join(progress && INTERVAL)
        thread.value
      ensure
        thread.kill.join
      end
    end

    def initialize(client, tokens)
      @client = client
      @tokens = tokens
      @waiters = {}
      @watched = {}.compare_by_identity
    end

    # Whether a fiber still needs the client's descriptor.
    def busy? = @watched.any?

    # Sends a call and returns the handle of its response.
    def send(call, progress = nil)
      progress || Fiber.current_scheduler ? start(call, progress) : Native.call_send(call)
    end

    # Sends a call and returns the handle of its response once its head is there.
    def stream(call)
      return Native.call_stream(call) unless Fiber.current_scheduler

      Native.call_set(call, "stream", "1")
      start(call)
    end

    # The next piece of a stream: a String, nil at its end, :failed.
    def read(response, capacity)
      while (piece = Native.read(response, capacity)) == :later
        Fiber.current_scheduler ? io(response).wait_readable : Native.wait(response, -1)
      end
      piece
    end

    private

    def start(call, progress = nil)
      # Before the library can ask; and no more when a request is given up, which would wait for the answer.
      served = @tokens&.serves(1)
      response = Native.call_start(call)
      Fiber.current_scheduler ? wait_as_fiber(response, progress) : wait_as_thread(response, progress)
      finished = response
    ensure
      served&.serves(-1)
      give_up(response) if response && !finished
    end

    # Ends a request. A thread waits until it has left its file alone, which is soon.
    def give_up(response)
      Native.cancel(response)
      Native.wait(response, 300) unless Fiber.current_scheduler
    ensure
      Native.free(response)
    end

    def wait_as_thread(response, progress)
      progress.begin
      until Native.wait(response, (INTERVAL * 1000).to_i) == 1
        @tokens&.serve
        progress.of(response)
      end
    end

    def wait_as_fiber(response, progress)
      scheduler = Fiber.current_scheduler
      address = Native.address(response)
      waiter = @waiters[address] = Waiter.new(Fiber.current, scheduler, false)
      watch(scheduler)
      progress&.begin
      until waiter.done
        scheduler.block(self, progress && INTERVAL)
        progress&.of(response)
      end
    ensure
      @waiters.delete(address)
    end

    def watch(scheduler)
      return if @watched.key?(scheduler)

      @watched[scheduler] = true
      scheduler.fiber do
        watched = io(@client)
        while @waiters.each_value.any? { |waiter| waiter.scheduler.equal?(scheduler) }
          watched.wait_readable(INTERVAL)
          wake_finished
          @tokens&.serve
        end
      ensure
        @watched.delete(scheduler)
      end
    end

    def wake_finished
      while (address = Native.next_finished(@client))
        waiter = @waiters[address] or next
        waiter.done = true
        waiter.scheduler.unblock(self, waiter.fiber)
      end
    end

    def io(handle) = IO.for_fd(Native.event(handle), autoclose: false)
  end
  private_constant :Waiting
end
