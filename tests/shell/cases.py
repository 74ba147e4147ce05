"""Guiones para comparar con BusyBox: cada uno se ejecuta en los dos sitios y deben dar lo mismo.

Solo usan builtins y `cat`, `true`, `false`, `sleep`, `env` y `sh`, que están en
los dos. Separados por una línea de guiones.
"""

TEXT = r"""
echo hola
-----
echo -n a; echo -e 'b\tc'; echo -e '\x41\0101'
-----
echo a    b   "c   d"
-----
x=1; y=$x$x; echo $y ${y}z
-----
x='a b  c'; echo $x "$x"; set -- $x; echo $#
-----
echo ${nada-def} ${nada:-def} "${nada-}" ${nada:=puesto} $nada
-----
x=; echo "${x-a}" "${x:-b}" "${x+c}" "${x:+d}"
-----
x=/usr/local/bin/prog.tar.gz; echo ${x#*/} ${x##*/} ${x%.*} ${x%%.*} ${x#nope}
-----
x=abcabc; echo ${#x} ${x/b/X} ${x//b/X} ${x:1:2} ${x:3} ${x: -2}
-----
x=aXbXc; echo ${x%X*} ${x%%X*} ${x#*X} ${x##*X}
-----
x='*'; echo "$x" ${x#\*} "${x#'*'}"
-----
echo $((1+2*3)) $(( (1+2)*3 )) $((7/2)) $((-7/2)) $((7%3)) $((-7%3)) $((2**10))
-----
echo $((1<2)) $((2<=2)) $((3!=3)) $((1&&0)) $((1||0)) $((!5)) $((~5)) $((5&3)) $((5|3)) $((5^3)) $((1<<4)) $((256>>2))
-----
x=5; echo $((x++)) $x $((++x)) $((x--)) $((--x)) $((x+=3)) $((x*=2)) $x
-----
echo $((1?2:3)) $((0?2:3)) $((1,2)) $((0x1f)) $((010)) $((16#ff))
-----
x=y; y=7; echo $((x)) $((x+1))
-----
echo $((1 ? 2 : 1/0)) $((0 && 1/0))
-----
echo $((9223372036854775807+1))
-----
if true; then echo si; else echo no; fi; if false; then echo si; elif true; then echo elif; fi
-----
for i in a b "c d"; do echo "<$i>"; done
-----
set -- 1 2 3; for i; do echo $i; done; for i do echo $i; done
-----
i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done; until [ $i -eq 0 ]; do i=$((i-1)); done; echo $i
-----
for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done
-----
for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; echo nunca; done
-----
while true; do while true; do break 2; done; echo nunca; done; echo fin
-----
case abc in a*) echo uno;; *) echo dos;; esac; case x in a|x) echo alt;; esac; case q in a) ;; esac; echo $?
-----
case "a b" in a\ b) echo espacio;; esac; case '*' in '*') echo literal;; esac; case a in '*') echo mal;; [!b]) echo no-b;; esac
-----
case b in [a-c]) echo rango;; esac; case 5 in [[:digit:]]) echo digito;; esac; case ab in ?) echo mal;; ??) echo dos;; esac
-----
x='a*'; case abc in $x) echo patron;; esac; case abc in "$x") echo literal;; *) echo no;; esac
-----
f() { echo "f $1 $#"; return 3; }; f uno dos; echo $?
-----
f() { local x=dentro; echo $x; }; x=fuera; f; echo $x
-----
f() { x=1; }; f; echo $x; g() { echo $@; }; g a "b c"; g
-----
fact() { if [ $1 -le 1 ]; then echo 1; else echo $(( $1 * $(fact $(( $1 - 1 ))) )); fi; }; fact 6
-----
f() ( x=sub; echo $x ); x=1; f; echo $x
-----
x=1; (x=2; echo $x); echo $x; { x=3; }; echo $x
-----
echo a | cat | cat; echo $?; true | false; echo $?; false | true; echo $?
-----
! true; echo $?; ! false; echo $?; ! echo a | cat
-----
true && echo si || echo no; false && echo si || echo no; false || true && echo final
-----
echo a; echo b & wait; echo c
-----
x=$(echo hola; echo adios); echo "$x"; echo $x; y=`echo inv`; echo $y
-----
echo "$(echo "a b" | cat)" $(echo $(echo anidado)) `echo \`echo doble\``
-----
x=$(printf 'a\n\n\n'); echo "[$x]"
-----
cat <<E
linea $((1+1))
$(echo sub) `echo inv` \$x "comillas"
E
-----
cat <<'E'
tal $cual `no`
E
-----
cat <<-E
	sin tabulador
	  dos
	E
-----
cat <<A; cat <<B
uno
A
dos
B
-----
while read x y; do echo "$y:$x"; done <<E
a b c
d
E
-----
echo 'a b  c' | { read x; echo "[$x]"; }; echo '  a  ' | { read x; echo "[$x]"; }; echo 'a\tb' | { read -r x; echo "$x"; }
-----
echo 'a:b:c' | { IFS=: read x y; echo "$x $y"; }; echo 'a\
b' | { read x; echo "$x"; }
-----
printf 'a\nb' | { read x; echo "$x $?"; read y; echo "$y $?"; read z; echo "$z $?"; }
-----
IFS=:; x=a:b::c; set -- $x; echo $#; for i in $x; do echo "<$i>"; done
-----
IFS=', '; x='a, b ,c,,d'; for i in $x; do echo "<$i>"; done
-----
set -- a "b c" d; echo "$@" "$*" $# "$1" ${2}; IFS=-; echo "$*"; echo $*
-----
set -- a b; for i in "$@"; do echo "<$i>"; done; for i in "$*"; do echo "<$i>"; done; for i in "x$@y"; do echo "<$i>"; done
-----
set --; for i in "$@"; do echo nunca; done; echo "$@" $#; for i in "$*"; do echo "<$i>"; done
-----
set -- 1 2 3 4 5 6 7 8 9 10 11; echo $10 ${10} ${11}; shift 3; echo $1 $#; shift; echo $1
-----
echo a > f; echo b >> f; cat f; cat < f; echo c > f; cat f
-----
echo err >&2; echo out; { echo a; echo b >&2; } 2> e; cat e
-----
{ echo a; echo b >&2; } > f 2>&1; cat f; echo x &> g; cat g
-----
exec 3> f; echo tres >&3; exec 3>&-; cat f; exec 4< f; read x <&4; echo $x
-----
cat f nada 2>/dev/null; echo $?; ls /noesta 2>/dev/null || echo fallo
-----
echo a > f; set -C; echo b > f; echo $?; echo c >| f; cat f
-----
echo uno > f1; echo dos > f2; echo f*; echo f?; echo [f]1; echo nada*; echo "f*"; echo f[!1]; echo 'f'*
-----
mkdir -p d/e; echo > d/a; echo > d/e/b; echo d/*; echo d/*/; echo */*; echo .*; echo d/.[!.]*
-----
set -f; echo *; set +f; echo f > f; echo *
-----
HOME=/casa; echo ~ ~/x "~" a~ ~root; x=~/y; echo $x; x=a:~/z; echo $x
-----
echo "a\"b" 'c"d' a\ b "\$x \\ \a" 'a'\''b'
-----
echo $'a\tb\n\x41'
-----
echo a\
b; echo "c\
d"
-----
echo a # comentario
echo b#c '#d' # otro
-----
set -e; false; echo nunca
-----
set -e; false || true; if false; then :; fi; ! true; echo sigue; (exit 3); echo nunca
-----
set -e; f() { false; echo dentro; }; f && echo x; f || echo y; f; echo nunca
-----
set -e; x=$(false); echo nunca
-----
set -e; echo $(false; echo sub); while false; do :; done; false | true; echo sigue; true | false; echo nunca
-----
set -u; echo ${x-vacio}; echo $x; echo nunca
-----
set -o pipefail; false | true; echo $?; set +o pipefail; false | true; echo $?
-----
trap 'echo adios' EXIT; echo hola; exit 4
-----
trap 'echo fin $?' EXIT; false
-----
trap 'echo usr' USR1; kill -USR1 $$; echo despues; trap - USR1; trap
-----
trap '' TERM; kill -TERM $$; echo vivo; trap
-----
kill -TERM $$; echo nunca
-----
(exit 5); echo $?; (kill -9 $$ ; echo x) & wait $!; echo $?
-----
sh -c 'exit 7'; echo $?; sh -c 'kill -TERM $$'; echo $?; sh -c 'echo $0 $1' cero uno
-----
noexiste; echo $?; ./noexiste; echo $?; /etc; echo $?; echo > f; ./f; echo $?
-----
exit 300
-----
return 3; echo nunca
-----
f() { return; }; false; f; echo $?
-----
eval 'x=5; echo $x'; eval "echo \$x"; eval; echo $?; y='echo con'; eval $y espacios
-----
echo 'x=leido; echo en archivo $#' > f; . ./f; echo $x; echo 'return 4; echo no' > g; . ./g; echo $?
-----
command echo hola; command -v echo; command -v noexiste; echo $?; command -v cat > /dev/null; echo $?
-----
type echo; type noexiste; echo $?; f() { :; }; type f; type if
-----
alias di='echo alias'
di uno
unalias di
di dos
-----
getopts ab:c opt -a -b val -c resto; echo $opt $OPTIND; getopts ab:c opt -a -b val; echo $opt $OPTARG $OPTIND
-----
set -- -a -bval -c x; while getopts ab:c o; do echo "$o [$OPTARG]"; done; shift $((OPTIND-1)); echo $1
-----
set -- -x -ab; while getopts :ab o; do echo "$o [$OPTARG]"; done
-----
export A=1 B; sh -c 'echo $A [$B]'; B=2; sh -c 'echo $B'; C=3 sh -c 'echo $C'; echo [$C]
-----
readonly R=1; R=2; echo nunca
-----
x=1; unset x; echo ${x-no}; f() { echo f; }; unset -f f; f; echo $?
-----
x=1 y=2; echo $x$y; x=3 true; echo $x; x=4 :; echo $x
-----
x=1; f() { echo $x; }; x=2 f; echo $x
-----
test 1 -eq 1; echo $?; [ a = b ]; echo $?; [ -z "" -a -n x ]; echo $?; [ ! a ]; echo $?; [ ]; echo $?
-----
echo > f; [ -f f ] && echo archivo; [ -d . ] && echo carpeta; [ -e nada ] || echo falta; [ -s f ] && echo lleno
-----
[ 2 -lt 10 ] && echo num; [ 2 \< 10 ] || echo texto; [ "a b" = 'a b' ] && echo igual; [ a != b ] && echo distinto
-----
[[ a == a ]] && echo si; [[ -n x ]] && echo x
-----
printf '%s-%d-%x-%o-%c|%5s|%-5s|%05d|%%\n' a 42 255 8 hola ab cd 7
-----
printf '%s\n' a b c; printf 'x%sy%s\n' 1 2 3; printf '%b' 'a\tb\n'; printf '\101\x42\n'
-----
printf '%.2f %5.1f %e\n' 3.14159 2.5 1000; printf '%s %s\n' solo
-----
printf '%d\n' 0x10 010 "'A"; printf '%i %u\n' -5 5
-----
umask 022; umask; umask -S; umask u=rwx,g=rx,o=; umask
-----
cd /; pwd; cd /usr; echo $PWD $OLDPWD; cd -; cd noexiste; echo $?
-----
mkdir -p a/b; cd a/b; x=$PWD; cd ..; [ "$PWD/b" = "$x" ] && echo bien; cd ../a/./b; [ "$PWD" = "$x" ] && echo bien
-----
echo $- | cat; set -x 2>/dev/null; set +x; echo ${#-}
-----
sleep 0.1 & sleep 0.2 & wait; echo fin $?; (sleep 0.1; exit 6) & wait $!; echo $?
-----
(sleep 0.3; echo tarde) & (sleep 0.1; echo pronto) & wait; echo todo
-----
x=0; echo a | while read l; do x=1; done; echo $x
-----
{ echo a; sleep 0.1; echo b; } | { read x; read y; echo $y$x; }
-----
yes | { read x; echo $x; }
-----
(trap 'echo pipe' EXIT; echo a; echo b) | { read x; echo $x; }
-----
echo ${x:?falta esto}; echo nunca
-----
(echo ${x?}); echo $?; x=1; echo ${x:?mal}
-----
echo "${x:-"a b"}" ${x:-'c d'} "${x:-'e f'}" ${x:-$(echo g h)}
-----
x="a  b"; echo ${y:-$x} "${y:-$x}" ${y:-"$x"}
-----
x='1 2'; for i in ${y:-$x 3}; do echo $i; done; for i in ${y:-"$x" 3}; do echo $i; done
-----
echo "a${x}b" a"$x"b "" | cat; set -- "" ''; echo $#; set -- $nada ""; echo $#
-----
x='a\b'; echo "$x"; echo $x; x='a\*b'; echo $x; case 'a\b' in $x) echo c;; esac
-----
if false; then :; fi; echo $?; while false; do :; done; echo $?; for i in; do :; done; echo $?
-----
true; echo $?; false; echo $?; x=$(exit 9); echo $?; x=1; echo $?; x=$(true) y=$(exit 2); echo $?
-----
: ${x:=defecto}; echo $x; : > f; [ -f f ] && echo creado; > g; [ -f g ] && echo tambien
-----
f() { echo $1; shift; echo $1; set -- z; echo $1; }; set -- p; f a b; echo $1
-----
f() { for i in 1 2; do g; done; }; g() { break; }; f; echo fin
-----
f() { while :; do return 8; done; }; f; echo $?
-----
let x=1+2; echo $x $?; let 0; echo $?
-----
i=5; while i=$((i-1)); [ $i -gt 2 ]; do echo $i; done
-----
until false; do echo una; break; done; while :; do break; done; echo $?
-----
for i in 1 2 3; do echo $i; done | cat; for i in 3 2; do echo $i; done > f; cat f; while read l; do echo "l$l"; done < f
-----
{ echo a; exit 3; } | cat; echo $?; { exit 3; }; echo nunca
-----
exec 2>/dev/null; noexiste; echo $?; exec sh -c 'echo reemplazo'; echo nunca
-----
exec noexiste; echo nunca
-----
echo a b c | { read x y; echo "$y" "$x"; }; echo "a b" | { read x y z; echo "[$z]"; }
-----
read x < /dev/null; echo $?; echo linea > f; read x < f; echo $x; read x y < f; echo $x [$y]
-----
x=abc; echo ${x%%[bc]*} ${x##*[ab]} ${x%c} ${x#?} ${x%?}
-----
x="a.b.c"; echo ${x//./-} ${x/./} ${x//[ac]/_}; y=b; echo ${x//$y/Q}
-----
x=hola; echo ${x:0:2} ${x:1} ${x:4} ${x:10} ${x:0:-1} "${x:2:10}"
-----
echo ${#} ${#1} "${#x}"; x=12345; echo ${#x}; set -- abc; echo ${#1} ${#@} ${#*}
-----
echo $? $# $0 | cat >/dev/null; echo "$$" | { read p; [ "$p" = $$ ] && echo igual; }
-----
a=1; b=2; c=$((a + b)); d=$(($a*$b)); echo $c $d $((a>b?a:b))
-----
echo $(( 3 > 2 ? 1 + 1 : 0 )) $((- 3)) $((+3)) $((!0 + 1)) $((1 - -1)) $((2 * (3 + 4) % 5))
-----
x=010; echo $((x+0)) $((08+1))
-----
echo $((1/0)); echo nunca
-----
echo $((a b)); echo nunca
-----
fi
-----
echo hola; if true
-----
echo "sin cerrar
-----
echo a && || echo b
-----
echo 1
echo 2 )
echo 3
-----
case a in a) echo 1;; b) echo 2;; esac; case a in (a) echo paren; esac
-----
case x in x) ;; esac; echo $?; case x in y) false;; esac; echo $?; false; case x in x) esac; echo $?
-----
hola() { echo "funcion $@"; }; hola mundo | cat; x=$(hola sub); echo $x
-----
f() { echo salida; } > f1; f; cat f1
-----
( cd /; pwd ); [ "$PWD" != / ] && echo igual; (exit 2) || echo $?
-----
{ { echo a; } ; }; ( ( echo b ) ); if { true; }; then echo c; fi
-----
echo a;echo b&&echo c;(echo d);{ echo e;}
-----
x=$(cat <<E
dentro $((2+2))
E
); echo "$x"
-----
f() {
  cat <<E
arg $1
E
}
f uno; f dos | cat
-----
if read x; then echo "leido $x"; fi <<E
dato
E
-----
cat <<E | while read l; do echo "<$l>"; done
uno
dos
E
-----
echo "${x:-`echo inv`}" "${x:-$(echo "an id")}" "${x:-${y:-z}}"
-----
set -- a b c; echo "${@:2}" ; echo "${1:-x}${4:-nada}"
-----
echo {a,b} {1..3} a{
-----
x='$(echo no)'; echo $x; y='`no`'; echo "$y"; z="'"; echo $z'"'
-----
time_=1; _x=2; X9=3; echo $time_ $_x$X9 $x1
-----
unset IFS; x=' a	b
c '; set -- $x; echo $#; IFS=; set -- $x; echo $#
-----
jobs; echo $?; wait 99999; echo $?; wait; echo $?
-----
hash; echo $?; true & echo $! | { read p; [ -n "$p" ] && echo pid; }; wait
-----
echo -e 'a\nb\\c\ed' | cat; echo -E 'a\nb'; echo -ne 'x\n'; echo - a; echo -q
-----
test -n; echo $?; test a; echo $?; test \( a \) ; echo $?; test 1 -gt 2 -o 3 -gt 2; echo $?
-----
sh <<E
echo desde stdin
x=1
echo \$x
E
-----
echo 'echo archivo $1 $#; exit 3' > s.sh; sh s.sh uno dos; echo $?; sh ./nofile; echo $?
-----
set -x; x=1; echo "a b" $x; set +x; echo fin
-----
set a b c; echo $2; set -- -e; echo $1; set +e; echo $#
-----
shift 2>/dev/null; echo $?; shift 5; echo $?
-----
break; echo $?; continue; echo $?
-----
cat /dev/null; echo $?; echo x > /dev/null; echo > /noesta/f; echo $?; cat < noesta; echo $?
-----
x=5; { x=6; echo $x; } | cat; echo $x; x=7 | true; echo $x
-----
if ! false; then echo negado; fi; ! (exit 3); echo $?; while ! true; do :; done; echo $?
-----
f() { if [ $1 -gt 0 ]; then echo $1; f $(($1-1)); fi; }; f 5
-----
f() { local a=1 b; b=2; g; echo $a$b; }; g() { a=9; local b=8; echo $a$b; }; f; echo "[$a$b]"
-----
"""

SCRIPTS = [case.strip("\n") for case in TEXT.split("\n-----") if case.strip()]
