# frozen_string_literal: true

module Crux
  # How a client waits. Without a fiber scheduler, on the thread that asks, with the interpreter's lock given back.
  # With one, requests are started, and a single fiber watches the one descriptor that tells of all of them.
  #
  # @api private
  class Waiting
    # One that waits for a response.
    Waiter = Struct.new(:fiber, :scheduler, :done)

    # How often progress is told, and how long a watch outlives those who wait, in seconds.
    INTERVAL = 0.1

    # Runs what can only block on a thread of its own, if blocking would stop other fibers.
    def self.aside(&)
      return yield unless Fiber.current_scheduler

      thread = Thread.new(&)
      thread.report_on_exception = false
      begin
        thread.value
      ensure
        thread.kill
      end
    end

    def initialize(client)
      @client = client
      @waiters = {}
      @watched = {}.compare_by_identity
    end

    # Whether a fiber still needs the client's descriptor.
    def busy? = @watched.any?

    # Sends a call and returns the handle of its response.
    def send(call, &)
      Fiber.current_scheduler ? start(call, &) : Native.call_send(call, &)
    end

    # The same for a call whose body comes from Ruby: the library would ask for it on a thread that Ruby does not know.
    def send_aside(call, &) = Waiting.aside { Native.call_send(call, &) }

    # Sends a call and returns the handle of its response once its head is there.
    def stream(call)
      return Native.call_stream(call) unless Fiber.current_scheduler

      Native.call_set(call, "stream", "1")
      start(call)
    end

    # The next piece of a stream: a String, nil at its end, :failed.
    def read(response, capacity)
      while (piece = Native.read(response, capacity)) == :later
        watched = io(response)
        watched.wait_readable
      end
      piece
    end

    private

    def start(call, &progress)
      response = Native.call_start(call)
      done = false
      begin
        wait(response, &progress)
        done = true
        response
      ensure
        Native.free(response) unless done
      end
    end

    def wait(response)
      scheduler = Fiber.current_scheduler
      address = Native.address(response)
      waiter = @waiters[address] = Waiter.new(Fiber.current, scheduler, false)
      watch(scheduler)
      until waiter.done
        scheduler.block(self, block_given? ? INTERVAL : nil)
        yield(*progress_of(response)) if block_given?
      end
    ensure
      @waiters.delete(address)
    end

    def progress_of(response)
      phase = Native.number(response, "phase")
      case PHASES[phase]
      when :send then [phase, Native.number(response, "sent"), Native.number(response, "send_total")]
      when :receive then [phase, Native.number(response, "received"), Native.number(response, "receive_total")]
      when :job then [phase, Native.number(response, "percent"), 100]
      else [phase, -1, -1]
      end
    end

    def watch(scheduler)
      return if @watched.key?(scheduler)

      @watched[scheduler] = true
      scheduler.fiber do
        watched = io(@client)
        while @waiters.each_value.any? { |waiter| waiter.scheduler.equal?(scheduler) }
          watched.wait_readable(INTERVAL)
          wake_finished
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
