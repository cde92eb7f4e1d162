#!/bin/bash
# The completions in the shells themselves, as far as they are installed.	tests/test_completion.sh SLSWS
set -u
slsws=$(realpath "$1")
folder=$(mktemp -d) || exit 3
trap 'rm -r "$folder"' EXIT
failed=0 ran=0
cd "$folder" || exit 3
mkdir bin
ln -s "$slsws" bin/slsws
PATH=$folder/bin:$PATH
touch template.json
for shell in bash zsh fish; do
	slsws completion $shell > $shell.txt || { echo "FAILED: completion $shell"; exit 1; }
done

# expect SHELL LINE WORDS: the words that are offered at the end of a line, or some of them where WORDS ends in ...
expect() {
	local got
	got=$(complete_"$1" "$2" | sort | tr '\n' ' ')
	ran=$((ran + 1))
	if [[ $3 == *... ]]; then
		local word
		for word in ${3%...}; do
			[[ " $got" == *" $word "* ]] || { echo "FAILED $1: '$2' offers '$got', expected also '$word'"; failed=1; }
		done
	elif [ "${got%"${got##*[! ]}"}" != "$3" ]; then
		echo "FAILED $1: '$2' offers '$got', expected '$3'"
		failed=1
	fi
}

# the words as readline takes them apart: '=' is one of its own
complete_bash() {
	bash -c '. ./bash.txt
		line=${1//=/ = }
		read -ra COMP_WORDS <<< "$line"
		[[ $line == *" " && $line != *"= " ]] && COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_slsws
		[ ${#COMPREPLY[@]} = 0 ] || printf "%s\n" "${COMPREPLY[@]}"' _ "$1"
}

complete_fish() {
	fish --no-config -c 'source fish.txt; complete -C $argv[1]' "$1" | cut -f 1
}

# a terminal in which the line is typed and completed; what stands there then
complete_zsh() {
	zsh -f -c 'zmodload zsh/zpty
		zpty -b z zsh -f -i
		zpty -w z "PS1=; PATH=$PATH; cd $PWD; autoload -Uz compinit; compinit -u -D; . ./zsh.txt; unsetopt beep list_beep"
		zpty -w z "zstyle \":completion:*\" list-prompt \"\"; setopt no_auto_list; bindkey \"^I\" complete-word"
		zpty -w z "say() { print -r -- \$BUFFER > line; BUFFER=; }; zle -N say; bindkey \"^X^T\" say; : > ready"
		for ((i = 0; i < 200; i++)); do [[ -e ready ]] && break; sleep 0.05; done
		zpty -w -n z "$1"$'"'\\t\\C-x\\C-t'"'
		for ((i = 0; i < 200; i++)); do [[ -s line ]] && break; sleep 0.05; done
		cat line; zpty -d z' _ "$1" 2>/dev/null
	rm -f line ready
}

for shell in bash fish; do
	command -v $shell >/dev/null || { echo "skipped: no $shell"; continue; }
	expect $shell 'slsws ' 'package validate diff print explain rules schema completion help version ...'
	expect $shell 'slsws dif' 'diff'
	expect $shell 'slsws package --reg' '--region'
	expect $shell 'slsws diff --' '--format --all --exit-code --output --stage --help ...'
	expect $shell 'slsws explain W10' 'W101 W102 W103 W104 W105 W106 W107 W108'
	expect $shell 'slsws completion ' 'bash fish zsh'
	expect $shell 'slsws help pr' 'print'
	expect $shell 'slsws diff --format ' 'json markdown text'
	expect $shell 'slsws print --format j' 'json'
done
expect bash 'slsws validate --fail-on=' 'error info none warning'
expect bash 'slsws validate --color=al' 'always'
expect bash 'slsws package templ' ''
expect bash 'slsws package --strict --min' '--minify-template'
if command -v fish >/dev/null; then
	expect fish 'slsws diff --format=m' '--format=markdown'
	expect fish 'slsws package --config templ' 'template.json'
	expect fish 'slsws diff templ' 'template.json'
fi
if command -v zsh >/dev/null && zsh -f -c 'zmodload zsh/zpty' 2>/dev/null; then
	expect zsh 'slsws dif' 'slsws diff'
	expect zsh 'slsws package --reg' 'slsws package --region='
	expect zsh 'slsws diff --format=m' 'slsws diff --format=markdown'
	expect zsh 'slsws explain W10' 'slsws explain W10'
	expect zsh 'slsws completion fi' 'slsws completion fish'
	expect zsh 'slsws diff templ' 'slsws diff template.json'
else
	echo 'skipped: no zsh'
fi
[ $failed = 0 ] && echo "completions: $ran lines, all good"
exit $failed
