# Completion of crux for fish. The candidates come from crux itself, which asks the library for its tables.

function __crux_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    $words[1] --complete $words[2..-1] "$current" 2>/dev/null
end

complete -c crux -a '(__crux_complete)'
