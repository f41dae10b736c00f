# frozen_string_literal: true

module Crux
  # The call that uploads a file.
  #
  # @api private
  module Upload
    def self.form(client, path, file, field, filename, type)
      on_disk = path_of(file)
      if on_disk && [nil, File.basename(on_disk)].include?(filename)
        return Native.call_upload(client, path, field, on_disk, type)
      end

      form = Native.call_new(client, "POST", path)
      data = on_disk ? File.binread(on_disk) : file.read
      Native.call_part_data(form, field || "file", filename || "file", data || "", type)
      form
    end

    # The path of a file on disk, all of which is wanted; nil for what can only be read.
    def self.path_of(file)
      return (file.path if file.is_a?(File) && file.stat.file? && file.pos.zero?) if file.is_a?(IO)

      File.path(file) if file.respond_to?(:to_path) || !file.respond_to?(:read)
    end
    private_class_method :path_of
  end
  private_constant :Upload
end
