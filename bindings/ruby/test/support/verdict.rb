# frozen_string_literal: true

# The last line of a run: how many tests passed, failed and were skipped, and why.
class Verdict < Minitest::AbstractReporter
  def initialize
    super
    @passed = @failed = 0
    @skipped = []
  end

  def record(result)
    if result.passed? then @passed += 1
    elsif result.skipped? then @skipped << result.failure.message
    else @failed += 1
    end
  end

  def report
    why = ", #{@skipped.size} skipped (#{@skipped.uniq.join("; ")})" if @skipped.any?
    puts "ruby: #{@passed} passed, #{@failed} failed#{why}"
  end
end

module Minitest
  extensions << "verdict"

  def self.plugin_verdict_init(_options) = reporter << Verdict.new
end
