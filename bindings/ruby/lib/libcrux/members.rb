# frozen_string_literal: true

module Crux
  # Where the members of a page of a list stand.
  #
  # @api private
  module Members
    # The usual names of a list in a page, the likeliest first.
    USUAL = %w[results items data records elements index].freeze

    # The document itself if it is an Array, the first usual member that is one, or else the first member that is one.
    # The members of an object, such as a catalogue's index, are pairs.
    def self.of(document)
      return document if document.is_a?(Array)
      return [] unless document.is_a?(Hash)

      usual = USUAL.map { |name| document[name] }.find { |member| member.is_a?(Array) || member.is_a?(Hash) }
      (usual || document.each_value.find { |member| member.is_a?(Array) } || []).to_a
    end
  end
  private_constant :Members
end
