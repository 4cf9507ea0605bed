"""What an expression is: frozen nodes, the domains of names, sizes, signs and normal forms.

Below everything else in derive: nothing here reads text, computes a value or knows of sympy.
"""
