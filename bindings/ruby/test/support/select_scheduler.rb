# frozen_string_literal: true

# A fiber scheduler, as small as can be: what Ruby's documentation asks for, by IO.select.
class SelectScheduler
  def initialize
    @readable = {}
    @waiting = {}
    @ready = []
    # Nobody else need hold a fiber that is blocked.
    @blocked = {}.compare_by_identity
    @lock = Thread::Mutex.new
    @wake, @woken = IO.pipe.reverse
  end

  def run
    until @readable.empty? && @waiting.empty? && @blocked.empty? && @ready.empty?
      pause = @ready.any? ? 0 : soonest
      readable, = IO.select(@readable.values.uniq + [@woken], [], [], pause)
      @woken.read_nonblock(64, exception: false) if readable&.include?(@woken)
      resume(@readable.select { |_, io| readable&.include?(io) }.keys, :readable)
      resume(@waiting.select { |_, time| time <= now }.keys)
      resume(@lock.synchronize { @ready.slice!(0..) })
    end
  end

  def close
    run
    [@wake, @woken].each(&:close)
  end

  def io_wait(io, events, timeout = nil)
    @readable[Fiber.current] = io
    @waiting[Fiber.current] = now + timeout if timeout
    Fiber.yield == :readable && events
  ensure
    @readable.delete(Fiber.current)
    @waiting.delete(Fiber.current)
  end

  def kernel_sleep(duration = nil) = block(:sleep, duration) || true

  def block(_blocker, timeout = nil)
    @waiting[Fiber.current] = now + timeout if timeout
    @blocked[Fiber.current] = true
    Fiber.yield
    @waiting.delete(Fiber.current).nil?
  ensure
    @blocked.delete(Fiber.current)
    @waiting.delete(Fiber.current)
  end

  def unblock(_blocker, fiber)
    @lock.synchronize { @ready << fiber }
    @wake.write_nonblock(".", exception: false)
  end

  def timeout_after(duration, error, message, &)
    fiber = Fiber.current
    timer = self.fiber do
      sleep(duration)
      fiber.raise(error || Timeout::Error, message) if timer
    end
    yield(duration)
  ensure
    forget(timer)
    timer = nil
  end

  def fiber(&block) = Fiber.new(blocking: false, &block).tap(&:resume)

  private

  def now = Process.clock_gettime(Process::CLOCK_MONOTONIC)

  def soonest = (time = @waiting.values.min) && [time - now, 0].max

  # A timer that is not needed any more ends now.
  def forget(timer) = (@waiting[timer] = now if timer&.alive? && @waiting.key?(timer))

  def resume(fibers, why = nil) = fibers.each { |fiber| fiber.resume(why) if fiber.alive? }
end
