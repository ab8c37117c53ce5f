"""The characters of LaTeX commands: letters, signs and operators, in text and in math.

The commands: https://ctan.org/pkg/comprehensive (S. Pakin, The Comprehensive LaTeX Symbol List).
"""

LETTERS = dict(
    pair.split("=")
    for pair in """
    alpha=α beta=β gamma=γ delta=δ epsilon=ε varepsilon=ε zeta=ζ eta=η theta=θ vartheta=ϑ iota=ι
    kappa=κ varkappa=ϰ lambda=λ mu=μ nu=ν xi=ξ omicron=ο pi=π varpi=ϖ rho=ρ varrho=ϱ sigma=σ
    varsigma=ς tau=τ upsilon=υ phi=φ varphi=φ chi=χ psi=ψ omega=ω Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ
    Xi=Ξ Pi=Π Sigma=Σ Upsilon=Υ Phi=Φ Psi=Ψ Omega=Ω digamma=ϝ
    aleph=ℵ beth=ℶ gimel=ℷ hbar=ħ hslash=ℏ ell=ℓ wp=℘ Re=ℜ Im=ℑ imath=ı jmath=ȷ partial=∂ nabla=∇
    infty=∞ emptyset=∅ varnothing=∅ forall=∀ exists=∃ nexists=∄ neg=¬ lnot=¬ top=⊤ bot=⊥ angle=∠
    triangle=△ square=□ Box=□ blacksquare=■ diamond=⋄ Diamond=◇ star=⋆ bigstar=★ prime=′
    degree=° deg=deg clubsuit=♣ diamondsuit=♢ heartsuit=♡ spadesuit=♠ sharp=♯ flat=♭ natural=♮
    checkmark=✓ cmark=✓ xmark=✗ complement=∁ therefore=∴ because=∵ surd=√ eth=ð
    sum=∑ prod=∏ coprod=∐ int=∫ iint=∬ iiint=∭ oint=∮ bigcup=⋃ bigcap=⋂ bigsqcup=⨆ bigvee=⋁
    bigwedge=⋀ bigoplus=⨁ bigotimes=⨂ bigodot=⨀ biguplus=⨄
    langle=⟨ rangle=⟩ lfloor=⌊ rfloor=⌋ lceil=⌈ rceil=⌉ lVert=‖ rVert=‖ Vert=‖ lvert=| rvert=|
    vert=| lbrace={ rbrace=} lbrack=[ rbrack=] ulcorner=⌜ urcorner=⌝ llcorner=⌞ lrcorner=⌟
    ldots=… dots=… dotsc=… dotsb=⋯ dotsm=⋯ cdots=⋯ vdots=⋮ ddots=⋱ textellipsis=…
    ss=ß SS=ẞ ae=æ AE=Æ oe=œ OE=Œ o=ø O=Ø l=ł L=Ł aa=å AA=Å dh=ð DH=Ð th=þ TH=Þ dj=đ DJ=Đ ng=ŋ NG=Ŋ
    i=ı j=ȷ ij=ĳ IJ=Ĳ textschwa=ə ohorn=ơ OHORN=Ơ uhorn=ư UHORN=Ư guillemotleft=« guillemotright=»
    guilsinglleft=‹ guilsinglright=› quotedblbase=„ quotesinglbase=‚ textquotedbl="
    textquotesingle=' textquoteleft=‘ textquoteright=’ textquotedblleft=“ textquotedblright=”
    textasciigrave=`
    S=§ P=¶ dag=† ddag=‡ dagger=† ddagger=‡ textsection=§ textparagraph=¶ textdagger=†
    textdaggerdbl=‡ textbullet=• textperiodcentered=· copyright=© textcopyright=© textregistered=®
    texttrademark=™ pounds=£ textsterling=£ euro=€ texteuro=€ EUR=€ yen=¥ textyen=¥ textcent=¢
    textdollar=$ textdegree=° textmu=µ textonehalf=½ textonequarter=¼ textthreequarters=¾
    texttimes=× textdiv=÷ textpm=± textordfeminine=ª textordmasculine=º textonesuperior=¹
    texttwosuperior=² textthreesuperior=³ textexclamdown=¡ textquestiondown=¿ textendash=–
    textemdash=— textbackslash=\\ backslash=\\ textbraceleft={ textbraceright=} textbar=|
    textbardbl=‖ textless=< textgreater=> textasciitilde=~ textasciicircum=^ textunderscore=_
    textasteriskcentered=* textnumero=№ textreferencemark=※ textmusicalnote=♪ slash=/
    textalpha=α textbeta=β textgamma=γ textdelta=δ textepsilon=ε texteta=η texttheta=θ textkappa=κ
    textlambda=λ textpi=π textrho=ρ textsigma=σ texttau=τ textphi=φ textchi=χ textpsi=ψ textomega=ω
    textGamma=Γ textDelta=Δ textTheta=Θ textLambda=Λ textSigma=Σ textPhi=Φ textPsi=Ψ textOmega=Ω
    """.split()
)
"""Commands for a letter or sign, which follows its neighbours without a space."""

OPERATORS = dict(
    pair.split("=", 1)
    for pair in """
    pm=± mp=∓ times=× div=÷ cdot=· ast=∗ bullet=• oplus=⊕ ominus=⊖ otimes=⊗ oslash=⊘ odot=⊙ cup=∪
    cap=∩ uplus=⊎ sqcup=⊔ sqcap=⊓ vee=∨ lor=∨ wedge=∧ land=∧ setminus=∖ smallsetminus=∖ wr=≀ amalg=⨿
    ltimes=⋉ rtimes=⋊ bowtie=⋈ le=≤ leq=≤ leqslant=≤ ge=≥ geq=≥ geqslant=≥ ll=≪ gg=≫ neq=≠ ne=≠
    equiv=≡ approx=≈ sim=~ simeq=≃ cong=≅ asymp=≍ doteq=≐ propto=∝ lesssim=≲ gtrsim=≳ prec=≺ succ=≻
    preceq=⪯ succeq=⪰ in=∈ notin=∉ ni=∋ subset=⊂ supset=⊃ subseteq=⊆ supseteq=⊇ subsetneq=⊊
    supsetneq=⊋ sqsubseteq=⊑ sqsupseteq=⊒ parallel=∥ perp=⊥ mid=| models=⊨ vdash=⊢ dashv=⊣ vDash=⊨
    to=→ rightarrow=→ longrightarrow=→ gets=← leftarrow=← longleftarrow=← leftrightarrow=↔
    longleftrightarrow=↔ Rightarrow=⇒ Longrightarrow=⇒ implies=⇒ Leftarrow=⇐ Longleftarrow=⇐
    Leftrightarrow=⇔ Longleftrightarrow=⇔ iff=⇔ mapsto=↦ longmapsto=↦ hookrightarrow=↪
    hookleftarrow=↩ rightharpoonup=⇀ leftharpoonup=↼ rightleftharpoons=⇌ leadsto=⇝
    rightsquigarrow=⇝ twoheadrightarrow=↠ triangleq=≜ coloneqq=≔ eqqcolon=≕ lhd=⊲ rhd=⊳ unlhd=⊴
    unrhd=⊵ triangleleft=◁ triangleright=▷ vartriangleleft=⊲ vartriangleright=⊳ ngeq=≱ nleq=≰
    nmid=∤ nsubseteq=⊈ circ=∘ sqsubset=⊏ sqsupset=⊐
    """.split()
)
"""Commands for an operator or relation, which has spaces on both sides."""

ARROWS = {"uparrow": "↑", "downarrow": "↓", "updownarrow": "↕", "Uparrow": "⇑", "Downarrow": "⇓",
          "nearrow": "↗", "searrow": "↘", "swarrow": "↙", "nwarrow": "↖"}  # fmt: skip
"""Commands for arrows that compare, as in accuracy↑, which follow a word without a space."""

FUNCTIONS = frozenset(
    """arccos arcsin arctan arg cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf
    limsup ln log max min mod bmod pmod Pr sec sin sinh sup tan tanh argmax argmin Tr tr""".split()
)
"""Functions, which are written by their name."""

NAMES = {"TeX": "TeX", "LaTeX": "LaTeX", "LaTeXe": "LaTeX2e", "BibTeX": "BibTeX", "XeTeX": "XeTeX",
         "LuaTeX": "LuaTeX", "ie": "i.e.", "eg": "e.g.", "etal": "et al.", "etc": "etc.",
         "wrt": "w.r.t."}  # fmt: skip

FONTS = frozenset(
    """emph text textbf textit texttt textsc textsf textrm textsl textup textmd textnormal underline
    uline mbox hbox fbox mathrm mathbf mathit mathsf mathtt mathnormal boldsymbol bm pmb
    operatorname mathop mathrel mathbin mathord mathopen mathclose mathpunct ensuremath lowercase
    uppercase textsuperscript textsubscript substack boxed smash operatornamewithlimits
    textlf textquote enquote""".split()
)
"""Commands that change how their argument looks, not what it says."""

ALPHABETS = {"mathbb": 0x1D538, "mathds": 0x1D538, "Bbb": 0x1D538, "mathcal": 0x1D49C,
             "mathscr": 0x1D49C, "cal": 0x1D49C, "mathfrak": 0x1D504}  # fmt: skip
"""Alphabets of https://www.unicode.org/charts/PDF/U1D400.pdf, each by its letter A."""

ACCENTS_OF_MATH = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303",
    "bar": "\u0304", "overline": "\u0305", "vec": "\u20d7", "dot": "\u0307", "ddot": "\u0308",
    "check": "\u030c", "widecheck": "\u030c", "breve": "\u0306", "acute": "\u0301",
    "grave": "\u0300", "mathring": "\u030a",
}  # fmt: skip

STRUCTURES = frozenset(
    "frac dfrac tfrac cfrac sfrac nicefrac sqrt binom dbinom tbinom overset underset "
    "stackrel".split()
)
"""Commands of math with several arguments, or with a sign of their own."""

LAYOUT = frozenset(
    """em it bf tt sc sl rm sf itshape bfseries scshape ttfamily rmfamily sffamily upshape mdseries
    normalfont normalsize small large Large tiny scriptsize footnotesize relax protect xspace
    noindent centering left right middle displaystyle textstyle scriptstyle scriptscriptstyle limits
    nolimits boldmath unboldmath newblock null strut allowbreak nobreak hfill hfil vfill sloppy
    makeatletter makeatother bgroup egroup big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl
    Biggr selectfont ignorespaces unskip nocorr penalty kern hskip vskip nonumber notag hline
    indent smallskip medskip bigskip clearpage newpage item maketitle""".split()
)
"""Commands of layout without text."""

SPACES = frozenset(
    """par newline linebreak quad qquad space thinspace medspace thickspace enspace enskip
    nobreakspace negthinspace""".split()
)

DROPPED = frozenset(
    """vphantom hphantom phantom hspace vspace mspace label tag noopsort footnote footnotemark
    thanks color fontsize begin end usepackage cyrchar ref eqref pageref cite citep citet citealp
    nocite input include""".split()
)
"""Commands whose argument is not part of the text."""

_BRACKETS = frozenset(
    """left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr limits
    nolimits displaystyle textstyle rm bf it cal""".split()
)
_SPACES_OF_MATH = frozenset("quad qquad thinspace medspace thickspace enspace".split())
_UNSAFE = frozenset("lowercase uppercase hbox fbox smash boxed char".split())
MATH_COMMANDS = (
    frozenset(
        (*LETTERS, *OPERATORS, *ARROWS, *FUNCTIONS, *FONTS - _UNSAFE, *ALPHABETS, *ACCENTS_OF_MATH)
    )
    | STRUCTURES
    | _BRACKETS
    | _SPACES_OF_MATH
    | {"not", "prime", "underline", "overline", "phantom"}
)
"""Commands that exports keep in math; none of them reads, writes or defines anything."""

MATH_SIGNS = frozenset(',;:!|{}%&_#$ \\-/"')
"""Characters that exports keep behind a backslash in math."""

RAISED = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδθφχ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᶿᵠᵡ",
        strict=True,
    )
)
LOWERED = dict(
    zip(
        "0123456789+-−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
RAISED_SIGNS = {"∘": "°", "∗": "*", "⋆": "*", "⊤": "ᵀ"} | {sign: sign for sign in "′″†‡*™"}
"""Signs that are written raised without a special character."""
