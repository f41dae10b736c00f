# Completion of crux for bash. The candidates come from crux itself, which asks the library for its tables.

_crux() {
    local word line
    # Bash takes = and : for the ends of words; crux does not.
    if declare -F _get_comp_words_by_ref >/dev/null; then
        local cur prev words cword
        _get_comp_words_by_ref -n =: cur prev words cword
    else
        local cur=${COMP_WORDS[COMP_CWORD]} words=("${COMP_WORDS[@]}") cword=$COMP_CWORD
    fi
    COMPREPLY=()
    while IFS= read -r line; do
        word=${line%%$'\t'*}
        [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
    done < <("${words[0]}" --complete "${words[@]:1:cword}" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace 2>/dev/null
    fi
    if declare -F __ltrim_colon_completions >/dev/null; then
        __ltrim_colon_completions "$cur"
    fi
}

complete -o default -F _crux crux
