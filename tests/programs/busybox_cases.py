"""Las órdenes que se comparan con BusyBox y los archivos con los que trabajan.

`orden <<< texto` da el texto por la entrada estándar (con sus `\\n` hechos).
"""

FOLDERS = ("d", "d/e", "vacia", "otra")
FILES = {
    "a.txt": "hola\nadios\nhola\nBuenos dias\n", "b.txt": "uno dos tres\ncuatro cinco\n\nseis\n",
    "n.txt": "10\n9\n2\n33\n1\n-5\n", "sin_salto": "primera\nsegunda", "vacio": "", "d/x": "equis\n",
    "d/y.txt": "y griega\nhola\n",
    "d/e/z": "zeta\n", "otra/x": "otra equis\n", "t.csv": "ana,30,Lima\nluis,25,Quito\neva,41,Lima\n",
    "guion.sh": "#!/bin/sh\necho hola\n", ".oculto": "secreto\n", "acentos": "ñandú\ncamión\n",
    "pass": "root:x:0:0:root:/root:/bin/sh\nana:x:1000:1000::/home/ana:/bin/ash\n",
}
LINKS = {"enlace": "a.txt", "roto": "no_esta", "alli": "d"}

CASES = r"""
echo hola   mundo
echo -n hola
echo -e 'a\tb\nc\x41\0101'
echo -en 'a\cb'
echo -x hola
echo -e -n hola
echo - hola
printf '%s %d|%5.2f|%-5s|%05d|%x|%o|%c\n' a 3 2.5 x 42 255 8 hola
printf '%s\n' a b c
printf '%s-%s\n' a b c
printf 'hola\n%%\t\101\n'
printf '%b' 'a\nb\n'
printf '%d\n' abc
printf '%d\n' 0x1f
printf
cat a.txt
cat a.txt b.txt
cat -n b.txt
cat -b b.txt
cat -e b.txt
cat no_esta a.txt
cat d
cat sin_salto
cat -n sin_salto a.txt
cat -A acentos
cat - <<< entrada\n
cat <<< entrada
cat --nada
ls
ls -1
ls -a
ls -A
ls -l
ls -la
ls -ln
ls -l a.txt d
ls d otra
ls -R
ls -R d
ls -d d
ls -d d/ a.txt
ls -lh a.txt
ls -r
ls -S
ls -F
ls -p
ls -l enlace
ls -l alli
ls alli
ls -L roto
ls roto
ls no_esta
ls no_esta a.txt d
ls vacia
ls -la vacia
ls -C
ls -x
ls -C -w 40
ls --nada
ls -Z9
mkdir n
mkdir n m
mkdir d
mkdir -p d/e/f/g
mkdir -p d
mkdir n/m
mkdir -m 700 n
mkdir -m 1777 n
mkdir -m u=rwx,go= n
mkdir a.txt/x
mkdir -p a.txt/x
mkdir
mkdir -v n
rmdir vacia
rmdir d
rmdir no_esta
rmdir a.txt
rmdir -p d/e
rm a.txt
rm no_esta
rm -f no_esta
rm d
rm -r d
rm -rf d no_esta a.txt
rm -r .
rm -rf ..
rm
rm -f
rm enlace
rm -r alli
rm -fr d/
rm a.txt/x
cp a.txt c.txt
cp a.txt d
cp a.txt b.txt d
cp a.txt b.txt no_esta
cp no_esta d
cp d n
cp -r d n
cp -r d otra
cp -a d n
cp -r d d/e
cp -r d d
cp a.txt a.txt
cp a.txt no/hay
cp enlace copia
cp -P enlace copia
cp -a enlace copia
cp -d enlace copia
cp -r alli copia
cp -p guion.sh copia.sh
cp guion.sh copia.sh
cp guion.sh a.txt
cp a.txt
cp
cp -f a.txt b.txt
cp -r d a.txt
cp a.txt d e f
cp -u a.txt b.txt
cp -s a.txt s
cp -l a.txt duro
cp a.txt vacia/nuevo
cp -r d/. vacia
mv a.txt c.txt
mv a.txt b.txt
mv a.txt d
mv a.txt b.txt d
mv d otra
mv d d/e
mv no_esta x
mv d a.txt
mv a.txt no/hay
mv a.txt b.txt no
mv -n a.txt b.txt
mv enlace d
mv a.txt
mv vacia d
ln a.txt duro
ln -s a.txt s
ln -s a.txt
ln -s d/x
ln -s x b.txt
ln -sf x b.txt
ln -s a.txt d
ln -s no_hay r
ln d dd
ln no_esta r
ln -s a b c
ln -sfn otra alli
ln -sf otra alli
touch nuevo
touch a.txt nuevo otro
touch -c nada
touch d/e/nuevo
touch no/hay
touch -d foo a.txt
touch
chmod 755 a.txt
chmod 4755 a.txt
chmod u+x a.txt
chmod +x a.txt
chmod go-r,u+x a.txt
chmod a=r a.txt
chmod u=rwx,g=u,o= a.txt
chmod -R 700 d
chmod -R a+X d
chmod -R u=rwX,go=rX d
chmod 644
chmod
chmod 999 a.txt
chmod u+q a.txt
chmod 644 no_esta
chmod g+s d
chmod +t d
chmod -x guion.sh
chmod 0644 guion.sh
chown nadie_asi a.txt
chown root a.txt
chown root:root a.txt
chown 1000:1000 a.txt
chown -R root:root d
chown root no_esta
chown root:nogrupo a.txt
stat -c '%n %s %a %F %U %G %u %g' a.txt d enlace
stat -c '%A %N' a.txt enlace
stat no_esta
stat -c %s a.txt no_esta
stat
head a.txt
head -n 1 a.txt
head -2 n.txt
head -n -1 a.txt
head -c 3 a.txt
head -n 1 a.txt b.txt
head -q -n 1 a.txt b.txt
head no_esta
head no_esta a.txt
head -n x a.txt
head -n
head -v -n1 a.txt
tail a.txt
tail -n 1 a.txt
tail -1 n.txt
tail -n +2 a.txt
tail -c 4 a.txt
tail -n 1 a.txt b.txt
tail no_esta
tail -n 3 <<< 1\n2\n3\n4\n5
wc a.txt
wc -l a.txt
wc -w b.txt
wc -c a.txt b.txt
wc a.txt b.txt no_esta
wc -lw a.txt
wc -L a.txt
wc <<< uno dos\ntres\n
wc -l <<< sin salto
sort a.txt
sort -r a.txt
sort -u a.txt
sort n.txt
sort -n n.txt
sort -rn n.txt
sort -t, -k2 t.csv
sort -t, -k2n t.csv
sort -t , -k 3,3 -k 1,1r t.csv
sort -k 2 b.txt
sort no_esta
sort -c n.txt
sort a.txt b.txt
sort -o salida n.txt
sort -nu n.txt
sort -f a.txt
sort -V <<< v1.10\nv1.9\nv1.2\n
uniq a.txt
uniq <<< a\na\nb\na\n
uniq -c <<< a\na\nb\na\n
uniq -d <<< a\na\nb\na\n
uniq -u <<< a\na\nb\na\n
uniq -i <<< a\nA\nb\n
uniq no_esta
uniq -f 1 <<< 1 a\n2 a\n3 b\n
tr a-z A-Z <<< hola mundo\n
tr -d aeiou <<< hola mundo\n
tr -s ' ' <<< a   b    c\n
tr -cd '[:alnum:]\n' <<< a-b_c 1!\n
tr '[:lower:]' '[:upper:]' <<< hola\n
tr ' ' '\n' <<< a b c\n
tr abc x <<< aabbcc\n
tr -s a-z A-Z <<< hhoollaa\n
tr
tr a
tr -d '\n' <<< a\nb\n
cut -d, -f1 t.csv
cut -d, -f1,3 t.csv
cut -d, -f2- t.csv
cut -d: -f1,7 pass
cut -c1-3 a.txt
cut -c 2 a.txt
cut -b1 acentos
cut -f1 a.txt
cut -d, -f1 -s a.txt t.csv
cut a.txt
cut -d' ' -f2 b.txt
grep hola a.txt
grep -i HOLA a.txt
grep -v hola a.txt
grep -n hola a.txt
grep -c hola a.txt
grep -c hola a.txt b.txt d/y.txt
grep -q hola a.txt
grep -q nada a.txt
grep nada a.txt
grep hola a.txt d/y.txt
grep -h hola a.txt d/y.txt
grep -H hola a.txt
grep -l hola a.txt b.txt d/y.txt
grep -L hola a.txt b.txt
grep -r hola d
grep -r equis d otra
grep -rn hola d
grep -rl equis d
grep -E 'ho|dias' a.txt
grep -E '^[a-z]+$' a.txt
grep -E '(o|a){1,2}s$' a.txt b.txt
grep -F . a.txt
grep -F hola a.txt
grep -o o a.txt
grep -o '[0-9]*' t.csv
grep -on a t.csv
grep -w dos b.txt
grep -w do b.txt
grep -x hola a.txt
grep -e hola -e adios a.txt
grep '^$' b.txt
grep -nv '^$' b.txt
grep 'h.*a' a.txt
grep '\(o\)l\|ad' a.txt
grep hola no_esta
grep hola no_esta a.txt
grep -s hola no_esta
grep -m 1 hola a.txt
grep -A 1 adios a.txt
grep -B1 adios a.txt
grep -C1 adios a.txt
grep -n -A1 hola a.txt
grep hola <<< no\nhola\n
grep -H hola <<< no\nhola\n
grep
grep '[' a.txt
grep -E '(' a.txt
grep -f a.txt d/y.txt
egrep 'a|b' t.csv
fgrep a. a.txt
sed s/hola/adios/ a.txt
printf 'uno\r\ndos\r\n' | sed 's/\r$//' | od -c
printf 'a\tb\n' | sed 's/\t/-/; s/b/\tc\r/' | od -c
sed 's/o/0/g' a.txt
sed 's/o/0/2' b.txt
sed -n 2p a.txt
sed -n '2,3p' a.txt
sed -n '/hola/p' a.txt
sed -n '$p' a.txt
sed -n '$=' a.txt
sed 1d a.txt
sed '1!d' a.txt
sed '/adios/d' a.txt
sed '/adios/,$d' a.txt
sed -e s/a/1/ -e s/o/2/ a.txt
sed 's/\(h\)\(o\)/\2\1/' a.txt
sed -E 's/(h)(o)/\2\1/' a.txt
sed -r 's/[aeiou]+/<&>/g' a.txt
sed 's|/bin|/usr/bin|' pass
sed 's/a/b/;s/b/c/' a.txt
sed -i s/hola/HOLA/g a.txt
sed -i.bak s/hola/HOLA/g a.txt
sed -i '1i primera' a.txt
sed 2q a.txt
sed '2,+1d' n.txt
sed 'y/abc/xyz/' a.txt
sed '/hola/s/$/!/' a.txt
sed '$a fin' a.txt
sed '2c cambiada' a.txt
sed -n '/uno/{p;=}' b.txt
sed '/uno/{s/uno/1/;s/dos/2/}' b.txt
sed ':a;N;$!ba;s/\n/,/g' a.txt
sed 'N;s/\n/+/' a.txt
sed G a.txt
sed -n 'h;n;G;p' a.txt
sed '$!d' n.txt
sed = b.txt
sed 's/HOLA/x/I' a.txt
sed 's/./&&/' acentos
sed s/a/b/ no_esta
sed s/a/b/ no_esta a.txt
sed
sed s/a
sed k a.txt
sed '1d' sin_salto
sed 's/a/b/' sin_salto
sed -n '/hola/,/dias/p' a.txt
sed 's/^#*//' a.txt
sed '/^$/d' b.txt
sed 's/[[:space:]]\+/_/g' b.txt
sed 's/dos/a\nb/' b.txt
sed -n '1p;3p' n.txt
sed '/a/!s/o/0/' a.txt
sed 's/x*/-/g' <<< abc\n
awk '{print $1}' b.txt
awk '{print $2, $1}' b.txt
awk -F, '{print $1}' t.csv
awk -F: '{print $1 ":" $7}' pass
awk -F: '$3 >= 1000 {print $1}' pass
awk '/hola/' a.txt
awk '/hola/ {print NR": "$0}' a.txt
awk '!/hola/' a.txt
awk 'END {print NR}' a.txt
awk 'BEGIN {print "inicio"} {n++} END {print n}' a.txt
awk '{s += $1} END {print s, s/NR}' n.txt
awk 'NR==2' a.txt
awk 'NR>1 && NR<4' n.txt
awk 'NF' b.txt
awk '{print NF}' b.txt
awk '{print $NF}' b.txt
awk -v x=5 'BEGIN {print x * 2}'
awk '{a[$1]++} END {print a["hola"]}' a.txt
awk 'BEGIN {printf "%s %d %.2f\n", "a", 3, 2.5}'
awk '{$1 = "X"; print}' b.txt
awk 'BEGIN {OFS="-"} {print $1, $2}' b.txt
awk '{print length($0)}' a.txt
awk '{print toupper($0)}' a.txt
awk '{print substr($0, 2, 3)}' a.txt
awk '{gsub("o", "0"); print}' a.txt
awk '{sub(/h/, "H"); print}' a.txt
awk 'BEGIN {n = split("a:b:c", p, ":"); print n, p[2]}'
awk 'BEGIN {for (i = 1; i <= 3; i++) print i}'
awk 'BEGIN {i = 0; while (i < 3) {print i; i++}}'
awk '{if ($1 > 5) print "grande"; else print "chico"}' n.txt
awk 'BEGIN {print index("hola", "l"), 7 % 3, 1/3}'
awk '$1 == "hola" {print "si"; next} {print "no"}' a.txt
awk '{print > "salida"}' a.txt
awk 'BEGIN {print "a" "b" 1+1}'
awk 'BEGIN {exit 3}'
awk '{print $1' a.txt
awk
awk '{print}' no_esta
awk -F'[,:]' '{print $2}' t.csv
awk '/adios/,/dias/' a.txt
awk '{ print $2 }' <<< uno dos tres\n
awk 'BEGIN{print length("abc")}'
awk '$2 ~ /^d/ {print $2}' b.txt
awk '{print ($1 > 3) ? "si" : "no"}' n.txt
find .
find d
find . -name '*.txt'
find . -type d
find . -type f -name x
find . -type l
find . -maxdepth 1
find . -maxdepth 1 -type f
find d -mindepth 1
find . -name x -o -name z
find . ! -name '*.txt' -type f
find . -not -type d -name 'a*'
find . -size +20c
find . -empty
find . -name '*.txt' -exec echo {} ;
find d -type f -exec cat {} +
find . -iname 'A.TXT'
find . -path './d/*'
find no_esta
find d no_esta
find . -perm 755 -type f
find . -name e -prune -o -type f -print
find . -newer a.txt
find . -nada
find d ( -name x -o -name z ) -print
find . -type f -print0
find d -depth
xargs <<< a b c\n
xargs echo hola <<< a b c\n
xargs -n 1 echo <<< a b c\n
xargs -n 2 <<< a b c\n
xargs -I X echo -X- <<< a\nb\n
xargs -r echo <<< \n
xargs rm <<< a.txt b.txt\n
xargs no_existe <<< a\n
xargs -0 echo <<< a\0b\0
test -f a.txt
test -d a.txt
test -e no_esta
test -e roto
test -L roto
test -h enlace
test -s vacio
test -x guion.sh
test -x a.txt
test -n hola
test -z hola
test
test hola
test a = a
test a != a
test 1 -eq 01
test 2 -gt 10
test a -eq 1
test ! -f a.txt
test -f a.txt -a -d d
test -f nada -o -d d
test ( a = a )
test x y z
test a b
[ a = a ]
[ a = a
expr 1 + 2
expr 2 '*' 3 + 1
expr 7 / 2
expr 7 % 3
expr 3 '<' 10
expr a = a
expr abc : 'a\(.\)c'
expr abc : 'x'
expr length hola
expr substr hola 2 2
expr index hola l
expr 0
expr 1 / 0
expr a + 1
expr
expr 1 +
expr ( 1 + 2 ) '*' 3
expr '' '|' b
expr 5 '&' 0
seq 3
seq 2 4
seq 1 2 7
seq 5 -2 1
seq -w 8 10
seq -s , 3
seq 0.5 0.5 2
seq
true
false
true x
basename /a/b/c.txt
basename /a/b/c.txt .txt
basename /
basename a/
basename
dirname /a/b/c
dirname a
dirname /a
dirname a/b/
sleep 0
sleep x
sleep
readlink enlace
readlink a.txt
readlink -f enlace
readlink -f no/esta
readlink -f nuevo
realpath a.txt
realpath d/../a.txt
realpath no/esta
tee salida <<< hola\n
tee -a a.txt <<< hola\n
tee d <<< hola\n
tac a.txt
tac n.txt
rev a.txt
nl b.txt
paste a.txt n.txt
paste -d, n.txt n.txt
paste -s n.txt
fold -w 5 a.txt
truncate -s 3 a.txt
truncate -s 8 sin_salto
od -c sin_salto
od a.txt
hexdump -C a.txt
hexdump -C acentos
""".strip().splitlines()
